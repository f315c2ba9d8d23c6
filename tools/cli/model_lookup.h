/* SPDX-License-Identifier: MIT */
/* From the name that a user gives to the model file. */
#ifndef VOQ_TOOLS_MODEL_LOOKUP_H
#define VOQ_TOOLS_MODEL_LOOKUP_H

#include "tools/base/failure.h"
#include "voq.h"

#include <stddef.h>
#include <stdint.h>

/* The model of `voq encode` and `voq live` without -m. */
#define MODEL_DEFAULT "lda-100"

/* The values of --cpu, in the order of voq_cpu, for an OPTION_CHOICE. */
#define MODEL_CPU_CHOICES "auto|scalar|sse2|avx2|avx512|neon"

/* A name with '/' or ending in ".voq" is a path; another is looked for as NAME.voq in
   $VOQ_MODELS, in ../share/voq/models beside the executable, in the source tree that built it.
   EXIT_USAGE names the places that were searched. */
bool model_find(const char *name, char *path, size_t capacity, struct failure *failure);

/* Finds and opens; name NULL is MODEL_DEFAULT. EXIT_USAGE with path and reason. */
bool model_open(const char *name, uint32_t cpu, voq_model **model, char *path, size_t capacity,
                struct failure *failure);

/* VOQ_ERROR_CPU: it is the option that is wrong, not the model. EXIT_USAGE. */
bool model_fail_cpu(struct failure *failure);

#endif

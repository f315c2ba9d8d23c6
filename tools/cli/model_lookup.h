/* SPDX-License-Identifier: MIT */
/* Finds the model file for a name or path given by the user. */
#ifndef VOQ_TOOLS_MODEL_LOOKUP_H
#define VOQ_TOOLS_MODEL_LOOKUP_H

#include "tools/base/failure.h"
#include "voq.h"

#include <stddef.h>
#include <stdint.h>

/* The model of `voq encode` and `voq live` without -m. */
#define MODEL_DEFAULT "phone-256"

/* The values of --cpu, in the order of voq_cpu, for an OPTION_CHOICE. */
#define MODEL_CPU_CHOICES "auto|scalar|sse2|avx2|avx512|neon"

/* A name that contains '/' or ends in ".voq" is a path; any other is searched as NAME.voq in the
   folders of model_list.h. EXIT_USAGE names the folders that were searched. */
bool model_find(const char *name, char *path, size_t capacity, struct failure *failure);

/* Finds and opens a model; name NULL is MODEL_DEFAULT. EXIT_USAGE states path and reason. */
bool model_open(const char *name, uint32_t cpu, voq_model **model, char *path, size_t capacity,
                struct failure *failure);

/* Labels of the codes of the first codebook, for --labels; they live as long as the model.
   EXIT_USAGE: it has none. */
bool model_labels(const voq_model *model, const char *const **label, struct failure *failure);

/* For VOQ_ERROR_CPU, where the option is wrong and not the model. EXIT_USAGE. */
bool model_fail_cpu(struct failure *failure);

#endif

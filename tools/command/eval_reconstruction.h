/* SPDX-License-Identifier: MIT */
/* The error of what a model's decoder makes of the units of a corpus. */
#ifndef VOQ_TOOLS_EVAL_RECONSTRUCTION_H
#define VOQ_TOOLS_EVAL_RECONSTRUCTION_H

#include "tools/command/eval_sources.h"
#include "tools/eval/quantizer_error.h"

/* Compares, for model i and all utterances that have units, what enters the encoder with what the
   decoder makes of the units. The result does not depend on n_thread. The model has a decoder. */
bool eval_reconstruction(const struct eval_sources *sources, size_t i, size_t n_thread,
                         struct quantizer_error *error, struct failure *failure);

#endif

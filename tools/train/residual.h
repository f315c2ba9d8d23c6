/* SPDX-License-Identifier: MIT */
/* The residual that a codebook leaves for the next one. */
#ifndef VOQ_TRAIN_RESIDUAL_H
#define VOQ_TRAIN_RESIDUAL_H

#include "tools/train/frames.h"

/* Replaces every frame x by x - c in float, where c is the nearest of codeword[n_code][dim], as the
   library does for its next codebook. */
bool residual_subtract(struct frames *frames, const float *codeword, uint32_t n_code,
                       size_t n_thread, struct failure *failure);

#endif

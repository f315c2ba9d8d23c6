/* SPDX-License-Identifier: MIT */
/* What a codebook leaves for the next one. */
#ifndef VOQ_TRAIN_RESIDUAL_H
#define VOQ_TRAIN_RESIDUAL_H

#include "tools/train/frames.h"

/* Every frame x becomes x - c, in float, with c its nearest of codeword[n_code][dim]: what the
   runtime gives to its next codebook. */
bool residual_subtract(struct frames *frames, const float *codeword, uint32_t n_code,
                       size_t n_thread, struct failure *failure);

#endif

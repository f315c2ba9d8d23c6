/* SPDX-License-Identifier: MIT */
/* Dropout behind a layer (Srivastava et al. 2014), with the kept values made larger by 1 / (1 - p).
   What is dropped depends on the seed, the layer, the row and the column alone. */
#ifndef VOQ_LEARN_DROPOUT_H
#define VOQ_LEARN_DROPOUT_H

#include "tools/learn/layer_work.h"

/* y[row][out] = x[row][out] or 0; y may be x. The same call drops the same values of a gradient. */
void dropout_rows(const struct layer *layer, const struct layer_call *call, const float *x,
                  float *y);

#endif

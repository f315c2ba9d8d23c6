/* SPDX-License-Identifier: MIT */
/* A gated recurrent unit through time (Cho et al. 2014; with the reset behind the product, as
   PyTorch has it), h being 0 before the first step of a piece:
       r, z = logistic(b + W x + U h),  n = tanh(b + W x + r (c + U h)),  h = n + z (h - n). */
#ifndef VOQ_LEARN_GRU_LAYER_H
#define VOQ_LEARN_GRU_LAYER_H

#include "tools/learn/layer_work.h"

bool gru_layer_reserve(struct layer *layer, struct failure *failure);
void gru_layer_forward(struct layer *layer, const struct layer_call *call);

/* d[row][out] of the output; dx[row][in] or NULL. Overwrites what forward kept. */
void gru_layer_backward(struct layer *layer, const struct layer_call *call, const float *d,
                        float *dx);

#endif

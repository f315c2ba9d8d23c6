/* SPDX-License-Identifier: MIT */
/* Convolution in time, also with one tap as the linear and the latent layer:
       out[u][r] = f(b[r] + sum over j, i of w[r][j][i] x[t + shift of j][i]),
       t = stride u + stride - 1,  shift of j = (j - (taps - 1 - right)) dilation,
   x being 0 outside the batch; f is nothing, ReLU, tanh, or batch norm
   (then without b) and ReLU. */
#ifndef VOQ_LEARN_AFFINE_LAYER_H
#define VOQ_LEARN_AFFINE_LAYER_H

#include "tools/learn/layer_work.h"

bool affine_layer_reserve(struct layer *layer, struct failure *failure);
void affine_layer_forward(struct layer *layer, const struct layer_call *call);

/* d[row][out] of the output; it is overwritten. dx[row][in] or NULL. */
void affine_layer_backward(struct layer *layer, const struct layer_call *call, float *d, float *dx);

#endif

/* SPDX-License-Identifier: MIT */
/* Batch norm over the valid rows, and the ReLU behind it (Ioffe and Szegedy 2015, algorithm 1):
       y = relu(gamma (x - mean) / sqrt(variance + eps) + beta),
   with mean and variance of the batch in training, running ones else. */
#ifndef VOQ_LEARN_BATCH_NORM_H
#define VOQ_LEARN_BATCH_NORM_H

#include "tools/learn/layer_work.h"

#define BATCH_NORM_EPS 1e-5

bool batch_norm_reserve(struct layer *layer, struct failure *failure);

/* From layer->raw to layer->y; in training also moves the running statistics by a tenth. */
void batch_norm_forward(struct layer *layer, const struct layer_call *call);

/* d of layer->y becomes that of layer->raw. */
void batch_norm_backward(struct layer *layer, const struct layer_call *call, float *d);

#endif

/* SPDX-License-Identifier: MIT */
/* Adds a learned vector to every row of a piece, which its speaker selects. */
#ifndef VOQ_LEARN_SPEAKER_LAYER_H
#define VOQ_LEARN_SPEAKER_LAYER_H

#include "tools/learn/layer_work.h"

bool speaker_layer_reserve(struct layer *layer, struct failure *failure);
void speaker_layer_forward(struct layer *layer, const struct layer_call *call);
void speaker_layer_backward(struct layer *layer, const struct layer_call *call, const float *d,
                            float *dx);

#endif

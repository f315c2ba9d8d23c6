/* SPDX-License-Identifier: MIT */
/* Parameters before the first step: each gate of a GRU has an orthogonal W and U and zero biases;
   batch norm has gamma 1 and beta 0; vectors of speakers are 0; all else is uniform within
   1 / sqrt(number of inputs). */
#ifndef VOQ_LEARN_START_WEIGHTS_H
#define VOQ_LEARN_START_WEIGHTS_H

#include "tools/learn/layer_work.h"

bool start_weights(struct layer *layer, uint64_t seed, struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Largest magnitudes, from which sums choose their units (base/exact_sum.h). */
#ifndef VOQ_TRAIN_LARGEST_H
#define VOQ_TRAIN_LARGEST_H

#include "tools/train/frames.h"

/* Fills largest[dim] with the largest |x[d]| of all frames. */
bool largest_of_frames(const struct frames *frames, size_t n_thread, float *largest,
                       struct failure *failure);

#endif

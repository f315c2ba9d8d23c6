/* SPDX-License-Identifier: MIT */
/* Largest magnitudes, from which sums choose their units (base/exact_sum.h). */
#ifndef VOQ_TRAIN_LARGEST_H
#define VOQ_TRAIN_LARGEST_H

#include "tools/train/frames.h"

/* Fills largest[dim] with the largest |x[d]| of all frames. */
bool largest_of_frames(const struct frames *frames, size_t n_thread, float *largest,
                       struct failure *failure);

/* An upper bound of the squared distances, as computed in float, between vectors with these largest
   magnitudes and codeword[n_code][dim]. At most FLT_MAX: a distance above it is infinite. */
double largest_distance(const float *largest, const float *codeword, size_t n_code, uint32_t dim);

#endif

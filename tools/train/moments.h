/* SPDX-License-Identifier: MIT */
/* Mean and variance of the frames, from exact sums (base/exact_sum.h): they do not depend on the
   order of the frames or on threads. */
#ifndef VOQ_TRAIN_MOMENTS_H
#define VOQ_TRAIN_MOMENTS_H

#include "tools/train/frames.h"

/* Fills mean[dim] and variance[dim]. There is at least one frame. */
bool moments_of_frames(const struct frames *frames, size_t n_thread, double *mean,
                       double *variance, struct failure *failure);

#endif

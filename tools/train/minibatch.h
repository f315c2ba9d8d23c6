/* SPDX-License-Identifier: MIT */
/* Mini-batch k-means (Sculley 2010): codewords move a little with every batch of random frames,
   less the more frames they have seen. A cheap way into the neighbourhood of a good codebook, from
   where Lloyd goes on. */
#ifndef VOQ_TRAIN_MINIBATCH_H
#define VOQ_TRAIN_MINIBATCH_H

#include "tools/train/frames.h"

#include "voq.h"

struct minibatch {
    uint64_t seed;
    uint32_t part; /* of the random numbers */
    uint32_t n_code, n_batch, batch_frames;
    voq_cpu cpu;
};

/* Moves codeword[n_code][dim] n_batch times. Frames are drawn with replacement; sums are in double,
   in the order of the draw. */
bool minibatch_run(const struct frames *frames, const struct minibatch *minibatch, float *codeword,
                   struct failure *failure);

#endif

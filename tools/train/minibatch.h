/* SPDX-License-Identifier: MIT */
/* Mini-batch k-means (Sculley 2010): each batch of random frames moves codewords a little, the less
   the more frames they have seen. A cheap start for Lloyd's iteration. */
#ifndef VOQ_TRAIN_MINIBATCH_H
#define VOQ_TRAIN_MINIBATCH_H

#include "tools/train/frames.h"

#include "voq.h"

struct minibatch {
    uint64_t seed;
    uint32_t part; /* random stream */
    uint32_t n_code, n_batch, batch_frames;
    voq_cpu cpu;
};

/* Moves codeword[n_code][dim] n_batch times. Frames are drawn with replacement. */
bool minibatch_run(const struct frames *frames, const struct minibatch *minibatch, float *codeword,
                   struct failure *failure);

#endif

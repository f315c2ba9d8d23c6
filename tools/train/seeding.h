/* SPDX-License-Identifier: MIT */
/* Where k-means starts: greedy k-means++ (Arthur and Vassilvitskii 2007; the greedy form as in
   scikit-learn) over a sample of the frames. */
#ifndef VOQ_TRAIN_SEEDING_H
#define VOQ_TRAIN_SEEDING_H

#include "tools/train/frames.h"

struct seeding {
    uint64_t seed;
    uint32_t part;        /* which codebook, or round: streams of random numbers of its own */
    uint32_t n_code;      /* how many codewords there shall be */
    uint32_t n_given;     /* so many are there already, at the front */
    size_t n_thread;
};

/* The sample: at most 256 frames a code and 2^26 floats in all. */
uint64_t seeding_sample_size(const struct frames *frames, uint32_t n_code);

/* Fills codeword[n_given .. n_code-1][dim] with frames of the sample: each the best, by the sum of
   squared distances that it leaves, of 2 + floor(ln n_code) drawn with a chance in proportion to
   their squared distance to the codewords before. EXIT_INPUT when there are fewer frames, or fewer
   different frames in the sample, than codes. */
bool seeding_run(const struct frames *frames, const struct seeding *seeding, float *codeword,
                 struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Initial codewords of k-means: greedy k-means++ (base/plus_plus.h) over a sample of the frames. */
#ifndef VOQ_TRAIN_SEEDING_H
#define VOQ_TRAIN_SEEDING_H

#include "tools/train/frames.h"

struct seeding {
    uint64_t seed;
    uint32_t part;        /* codebook or round, which selects the random streams */
    uint32_t n_code;      /* codewords in the end */
    uint32_t n_given;     /* codewords that are already there, at the front */
    size_t n_thread;
};

/* The size of the sample: at most 256 frames per code and 2^26 floats in total. */
uint64_t seeding_sample_size(const struct frames *frames, uint32_t n_code);

/* Fills codeword[n_given .. n_code-1][dim] with frames of the sample. EXIT_INPUT if there are fewer
   frames, or fewer distinct frames in the sample, than codes. */
bool seeding_run(const struct frames *frames, const struct seeding *seeding, float *codeword,
                 struct failure *failure);

#endif

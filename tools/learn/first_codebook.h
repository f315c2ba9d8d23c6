/* SPDX-License-Identifier: MIT */
/* The codebook with which quantization begins: k-means of the latents of some recordings. */
#ifndef VOQ_LEARN_FIRST_CODEBOOK_H
#define VOQ_LEARN_FIRST_CODEBOOK_H

#include "tools/learn/plain_run.h"

/* Sets learner->quantizes. */
bool first_codebook(struct learner *learner, const struct examples *examples, uint64_t seed,
                    struct failure *failure);

/* Whether those recordings have as many latents as the codebook has codes, before anything is
   learned. EXIT_INPUT, EXIT_USAGE. */
bool first_codebook_fits(struct learner *learner, const struct examples *examples, uint64_t seed,
                         struct failure *failure);

/* Picks about n of the recordings that are used, all equally likely: chosen[i] of recordings->n. */
bool choose_recordings(const struct examples *examples, uint64_t seed, uint32_t part, size_t n,
                       bool **chosen, struct failure *failure);

#endif

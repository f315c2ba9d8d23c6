/* SPDX-License-Identifier: MIT */
/* A codebook's start from first latents: k-means++ (base/plus_plus.h) on at most 20,000 of them,
   then ten rounds of Lloyd's iteration (Lloyd 1982) on all: every codeword moves to the mean of its
   latents, if it has any. */
#ifndef VOQ_LEARN_CODEBOOK_START_H
#define VOQ_LEARN_CODEBOOK_START_H

#include "tools/base/rng.h"
#include "tools/learn/codebook_ema.h"
#include "tools/learn/workers.h"

enum { START_SAMPLE = 20000, START_ROUNDS = 10 };

/* Fills the codebook from x[n][dim]; its moving counts are `count` each. EXIT_INPUT if there are
   fewer different latents than codes. */
bool codebook_start(struct workers *workers, const float *x, size_t n, struct rng *rng,
                    double count, struct moving_codebook *codebook, struct failure *failure);

/* EXIT_INPUT if n latents are fewer than codes; only START_SAMPLE of them can become codewords. */
bool codebook_can_start(size_t n, uint32_t n_code, struct failure *failure);

/* The rounds of Lloyd's iteration alone, from the codewords that are there. */
bool codebook_lloyd(struct workers *workers, const float *x, size_t n,
                    struct moving_codebook *codebook, struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Random numbers: xoshiro256** seeded by splitmix64. Every purpose has a stream of its own, so that
   drawing more for one never changes another. */
#ifndef VOQ_TOOLS_RNG_H
#define VOQ_TOOLS_RNG_H

#include <stdint.h>

/* Numbers are pinned: the same seed must draw the same numbers. */
enum rng_purpose {
    RNG_KEEP = 1,      /* which frames of the corpus are kept */
    RNG_SAMPLE = 2,    /* which frames the seeding sees */
    RNG_SEEDING = 3,   /* k-means++ */
    RNG_MINIBATCH = 4, /* which frames make a batch */
    RNG_BOOTSTRAP = 5, /* which utterances a resampling of voq eval holds */
    RNG_WEIGHTS = 6,   /* a network's first weights */
    RNG_DROPOUT = 7,   /* which activations are left out */
    RNG_CODES = 8,     /* k-means++ of a codebook that learns */
    RNG_RESTART = 9,   /* where dead codes start again */
    RNG_AUGMENT = 10,  /* how recordings are changed */
    RNG_EPOCH = 11,    /* the order of recordings, pieces and batches */
    RNG_JITTER = 12,   /* which units a decoder sees for others */
    RNG_REPORT = 13    /* which utterances voq report shows */
};

struct rng {
    uint64_t s[4];
};

/* `part`, from 0, distinguishes several uses of one purpose (codebooks, rounds). */
void rng_start(struct rng *rng, uint64_t seed, enum rng_purpose purpose, uint32_t part);
uint64_t rng_next(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t n); /* 0 to n-1, all equally likely; n above 0 */
double rng_unit(struct rng *rng);                /* multiples of 2^-53 in [0, 1) */

#endif

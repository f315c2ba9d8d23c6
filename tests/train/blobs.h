/* SPDX-License-Identifier: MIT */
/* Made-up vectors: clouds around a few centres, the same on every machine. */
#ifndef VOQ_TESTS_BLOBS_H
#define VOQ_TESTS_BLOBS_H

#include "tests/support/scratch.h"
#include "tools/train/frames.h"
#include "tools/base/rng.h"

#include <stdlib.h>

/* n vectors; vector i lies near centre i % n_centre, within +-spread in each dimension. */
static inline float *blobs(size_t n, uint32_t dim, uint32_t n_centre, float spread)
{
    struct rng rng;
    float *centre = malloc(n_centre * dim * sizeof *centre), *x = malloc(n * dim * sizeof *x);
    rng_start(&rng, 42, RNG_SAMPLE, 99);
    for (size_t i = 0; i < n_centre * dim; i++) centre[i] = (float)(rng_unit(&rng) * 200 - 100);
    for (size_t i = 0; i < n; i++)
        for (uint32_t d = 0; d < dim; d++)
            x[i * dim + d] = centre[i % n_centre * dim + d] +
                             (float)(rng_unit(&rng) * 2 - 1) * spread;
    free(centre);
    return x;
}

/* Frees x. */
static inline struct frames *frames_of(float *x, size_t n, uint32_t dim)
{
    struct frames *frames;
    struct failure failure;
    bool good = frames_new(&frames, dim, scratch("."), &failure) &&
                frames_put(frames, 0, x, n, &failure);
    free(x);
    if (good) return frames;
    printf("Bail out! %s\n", failure.text);
    exit(1);
}

#endif

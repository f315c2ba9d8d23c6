/* SPDX-License-Identifier: MIT */
#include "tools/train/moments.h"

#include "tools/base/exact_moments.h"
#include "tools/base/parallel.h"

#include <stdlib.h>

struct pass_over_frames {
    const struct frames *frames;
    struct exact_moments moments;
    float *x; /* [n_thread][FRAMES_BLOCK][dim] */
};

static bool take_block(void *context, size_t worker, size_t block, struct failure *failure)
{
    struct pass_over_frames *over = context;
    float *x = over->x + worker * FRAMES_BLOCK * over->moments.dim;
    size_t n;
    if (!frames_get_block(over->frames, block, x, &n, failure)) return false;
    exact_moments_take(&over->moments, worker, x, n);
    return true;
}

static bool join_ranks(struct pass_over_frames *over, struct failure *failure)
{
    struct exact_moments *moments = &over->moments;
    struct ranks *ranks = frames_ranks(over->frames);
    exact_moments_join(moments);
    return exact_moments_measures(moments)
               ? ranks_largest(ranks, moments->largest, moments->dim, failure)
               : ranks_sum(ranks, moments->sum, moments->dim, failure);
}

bool moments_of_frames(const struct frames *frames, size_t n_thread, double *mean,
                       double *variance, struct failure *failure)
{
    struct pass_over_frames over = {.frames = frames};
    uint32_t dim = frames_dim(frames);
    over.x = malloc(n_thread * FRAMES_BLOCK * dim * sizeof *over.x);
    bool good = exact_moments_new(&over.moments, dim, frames_total(frames), n_thread, mean,
                                  variance, failure);
    good = good && (over.x || fail_memory(failure));
    for (int pass = 0; good && pass < EXACT_MOMENTS_PASSES; pass++) {
        good = parallel_for((size_t)frames_block_count(frames), n_thread, take_block, &over,
                            failure) &&
               join_ranks(&over, failure);
        if (good) exact_moments_next(&over.moments);
    }
    exact_moments_free(&over.moments);
    free(over.x);
    return good;
}

/* SPDX-License-Identifier: MIT */
#include "tools/train/largest.h"

#include "tools/base/exact_sum.h"
#include "tools/base/parallel.h"

#include <stdlib.h>

struct search {
    const struct frames *frames;
    float *x;       /* [n_thread][FRAMES_BLOCK][dim] */
    float *largest; /* [n_thread][dim] */
};

static bool search_block(void *context, size_t worker, size_t block, struct failure *failure)
{
    struct search *search = context;
    size_t dim = frames_dim(search->frames), n;
    float *x = search->x + worker * FRAMES_BLOCK * dim;
    if (!frames_get_block(search->frames, block, x, &n, failure)) return false;
    for (size_t i = 0; i < n; i++) exact_largest(search->largest + worker * dim, x + i * dim, dim);
    return true;
}

bool largest_of_frames(const struct frames *frames, size_t n_thread, float *largest,
                       struct failure *failure)
{
    size_t dim = frames_dim(frames);
    struct search search = {.frames = frames,
                            .x = malloc(n_thread * FRAMES_BLOCK * dim * sizeof *search.x),
                            .largest = calloc(n_thread * dim, sizeof *search.largest)};
    bool good = (search.x && search.largest) || fail_memory(failure);
    good = good && parallel_for((size_t)frames_block_count(frames), n_thread, search_block, &search,
                                failure);
    for (size_t d = 0; d < dim; d++) largest[d] = 0;
    for (size_t i = 0; good && i < n_thread; i++)
        exact_largest(largest, search.largest + i * dim, dim);
    free(search.x);
    free(search.largest);
    return good && ranks_largest_floats(frames_ranks(frames), largest, dim, failure);
}

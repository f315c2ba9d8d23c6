/* SPDX-License-Identifier: MIT */
#include "tools/train/largest.h"

#include "tools/base/exact_sum.h"
#include "tools/base/parallel.h"

#include <float.h>
#include <math.h>
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
    return good;
}

double largest_distance(const float *largest, const float *codeword, size_t n_code, uint32_t dim)
{
    static const double rounding = 1.01; /* of at most 2048 terms in float */
    double sum = 0;
    for (uint32_t d = 0; d < dim; d++) {
        float most = 0;
        for (size_t k = 0; k < n_code; k++) most = fmaxf(most, fabsf(codeword[k * dim + d]));
        double apart = (double)largest[d] + (double)most;
        sum += apart * apart;
    }
    return sum * rounding < (double)FLT_MAX ? sum * rounding : (double)FLT_MAX;
}

/* SPDX-License-Identifier: MIT */
#include "tools/train/frames.h"

#include "tools/base/value_cache.h"

#include <stdlib.h>
#include <string.h>

struct frames {
    uint32_t dim;
    uint64_t n;
    struct value_cache *cache;
    struct ranks *ranks; /* NULL: one, and numbers are places */
    struct frames_run *run;
    size_t n_run;
    uint64_t n_total;
};

bool frames_new(struct frames **frames, uint32_t dim, const char *folder, struct failure *failure)
{
    struct frames *made = calloc(1, sizeof *made);
    if (!made) return fail_memory(failure);
    made->dim = dim;
    if (value_cache_new(&made->cache, folder, failure)) {
        *frames = made;
        return true;
    }
    free(made);
    return false;
}

void frames_free(struct frames *frames)
{
    if (!frames) return;
    value_cache_free(frames->cache);
    free(frames->run);
    free(frames);
}

uint32_t frames_dim(const struct frames *frames)
{
    return frames->dim;
}

uint64_t frames_count(const struct frames *frames)
{
    return frames->n;
}

uint64_t frames_block_count(const struct frames *frames)
{
    return (frames->n + FRAMES_BLOCK - 1) / FRAMES_BLOCK;
}

bool frames_put(struct frames *frames, uint64_t first, const float *x, size_t n,
                struct failure *failure)
{
    if (!value_cache_put(frames->cache, first * frames->dim, x, n * frames->dim, failure))
        return false;
    if (first + n > frames->n) frames->n = first + n;
    return true;
}

bool frames_get(const struct frames *frames, uint64_t first, size_t n, float *x,
                struct failure *failure)
{
    return value_cache_get(frames->cache, first * frames->dim, x, n * frames->dim, failure);
}

bool frames_get_block(const struct frames *frames, uint64_t block, float *x, size_t *n,
                      struct failure *failure)
{
    uint64_t first = block * FRAMES_BLOCK, left = frames->n - first;
    *n = left < FRAMES_BLOCK ? (size_t)left : FRAMES_BLOCK;
    return frames_get(frames, first, *n, x, failure);
}

void frames_share(struct frames *frames, struct ranks *ranks, struct frames_run *run, size_t n_run,
                  uint64_t n_total)
{
    frames->ranks = ranks;
    frames->run = run;
    frames->n_run = n_run;
    frames->n_total = n_total;
}

struct ranks *frames_ranks(const struct frames *frames)
{
    return frames->ranks;
}

uint64_t frames_total(const struct frames *frames)
{
    return frames->ranks ? frames->n_total : frames->n;
}

bool frames_find(const struct frames *frames, uint64_t number, uint64_t *place)
{
    size_t low = 0, high = frames->n_run;
    *place = number;
    if (!frames->ranks) return true;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (frames->run[middle].number <= number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0) return false;
    const struct frames_run *run = &frames->run[low - 1];
    *place = run->place + (number - run->number);
    return number - run->number < run->n;
}

bool frames_fetch(const struct frames *frames, const uint64_t *number, size_t n, float *x,
                  struct failure *failure)
{
    uint64_t place;
    memset(x, 0, n * frames->dim * sizeof *x);
    for (size_t i = 0; i < n; i++)
        if (frames_find(frames, number[i], &place) &&
            !frames_get(frames, place, 1, x + i * frames->dim, failure))
            return false;
    return ranks_unite(frames->ranks, x, n * frames->dim * sizeof *x, failure);
}

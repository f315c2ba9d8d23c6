/* SPDX-License-Identifier: MIT */
#include "tools/train/frames.h"

#include "tools/base/value_cache.h"

#include <stdlib.h>

struct frames {
    uint32_t dim;
    uint64_t n;
    struct value_cache *cache;
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

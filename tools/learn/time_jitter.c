/* SPDX-License-Identifier: MIT */
#include "tools/learn/time_jitter.h"

#include "tools/base/growing.h"
#include "tools/base/hash_stream.h"

#include <stdlib.h>
#include <string.h>

/* Dense rows by their place in the batch; UINT32_MAX: none. */
static uint32_t *places(const struct dense_rows *rows, size_t n_all, struct failure *failure)
{
    uint32_t *dense = malloc((n_all > 0 ? n_all : 1) * sizeof *dense);
    if (!dense) {
        fail_memory(failure);
        return NULL;
    }
    memset(dense, 0xff, n_all * sizeof *dense);
    for (size_t i = 0; i < rows->n; i++) dense[rows->at[i]] = (uint32_t)i;
    return dense;
}

bool time_jitter_draw(const struct dense_rows *rows, size_t n_piece, double share, uint64_t seed,
                      uint64_t step, uint32_t *from, struct failure *failure)
{
    size_t n_all = rows->n > 0 ? rows->at[rows->n - 1] + (size_t)1 : 0;
    uint32_t *dense = places(rows, n_all, failure);
    struct hash_stream stream;
    if (!dense) return false;
    hash_stream_start(&stream, seed + step, RNG_JITTER, 0);
    for (size_t i = 0; i < rows->n; i++) {
        float drawn = hash_stream_unit(&stream, i);
        size_t at = rows->at[i], neighbour = at;
        if (drawn < (float)(share / 2) && at >= n_piece)
            neighbour = at - n_piece;
        else if (drawn > (float)(1 - share / 2) && at + n_piece < n_all)
            neighbour = at + n_piece;
        from[i] = dense[neighbour] != UINT32_MAX ? dense[neighbour] : (uint32_t)i;
    }
    free(dense);
    return true;
}

void time_jitter_apply(const uint32_t *from, size_t n, size_t dim, const float *x, float *y)
{
    for (size_t i = 0; i < n; i++) memcpy(y + i * dim, x + from[i] * dim, dim * sizeof *x);
}

void time_jitter_backward(const uint32_t *from, size_t n, size_t dim, const float *dy, float *dx)
{
    memset(dx, 0, n * dim * sizeof *dx);
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < dim; d++) dx[from[i] * dim + d] += dy[i * dim + d];
}

/* SPDX-License-Identifier: MIT */
#include "tools/learn/dense_rows.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

bool dense_rows_find(struct dense_rows *rows, size_t n_step, size_t n_piece, const uint32_t *length,
                     struct failure *failure)
{
    if (!grow(&rows->at, &rows->capacity, n_step * n_piece, sizeof *rows->at, failure))
        return false;
    rows->n = 0;
    for (size_t t = 0; t < n_step; t++)
        for (size_t p = 0; p < n_piece; p++)
            if (t < length[p]) rows->at[rows->n++] = (uint32_t)(t * n_piece + p);
    return true;
}

void dense_rows_free(struct dense_rows *rows)
{
    free(rows->at);
    *rows = (struct dense_rows){0};
}

void dense_rows_gather(const struct dense_rows *rows, const float *x, size_t dim, float *dense)
{
    for (size_t i = 0; i < rows->n; i++)
        memcpy(dense + i * dim, x + rows->at[i] * dim, dim * sizeof *x);
}

void dense_rows_scatter(const struct dense_rows *rows, const float *dense, size_t dim, float *x)
{
    for (size_t i = 0; i < rows->n; i++)
        memcpy(x + rows->at[i] * dim, dense + i * dim, dim * sizeof *x);
}

/* SPDX-License-Identifier: MIT */
#include "tools/eval/dtw.h"

/* The path back from a cell depends only on earlier costs, so its length is known together with its
   cost and one row is enough. */
static struct dtw_cell before(struct dtw_cell diagonal, struct dtw_cell left, struct dtw_cell up)
{
    if (diagonal.cost <= left.cost && diagonal.cost <= up.cost) return diagonal;
    return left.cost <= up.cost ? left : up;
}

double dtw(const double *d, size_t n, size_t m, size_t stride, struct dtw_cell *scratch)
{
    struct dtw_cell left = {0, 0};
    for (size_t j = 0; j < m; j++) {
        left = (struct dtw_cell){left.cost + d[j], left.length + 1};
        scratch[j] = left;
    }
    for (size_t i = 1; i < n; i++) {
        struct dtw_cell diagonal = scratch[0];
        d += stride;
        left = (struct dtw_cell){diagonal.cost + d[0], diagonal.length + 1};
        scratch[0] = left;
        for (size_t j = 1; j < m; j++) {
            struct dtw_cell up = scratch[j], from = before(diagonal, left, up);
            left = (struct dtw_cell){from.cost + d[j], from.length + 1};
            scratch[j] = left;
            diagonal = up;
        }
    }
    return scratch[m - 1].cost / scratch[m - 1].length;
}

/* SPDX-License-Identifier: MIT */
/* Inner loops of learning, compiled from one template each for every instruction set. All variants
   compute the same bits. */
#ifndef VOQ_LEARN_LANE_TABLE_H
#define VOQ_LEARN_LANE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TILE_ROWS = 6, TILE_COLUMNS_MOST = 16 };

struct lane_table {
    const char *name;
    size_t tile_columns; /* width of a panel of packed columns */

    /* c[rows][tile_columns] = (add: +=) sum over k of a(i, k) panel[k][tile_columns], where a(i, k)
       is a[i * row + k * step] and rows is 1 to TILE_ROWS. */
    void (*tile)(size_t rows, size_t k, const float *a, size_t row, size_t step, const float *panel,
                 float *c, size_t ldc, bool add);

    /* Elementary functions in place (elementary.h). */
    void (*exp)(float *x, size_t n);
    void (*log)(float *x, size_t n);
    void (*tanh)(float *x, size_t n);
    void (*logistic)(float *x, size_t n);

    void (*add)(const float *x, size_t n, double *sum); /* sum[n] += x[n] */
};

const struct lane_table *lane_table_best(void);
const struct lane_table *lane_table_baseline(void); /* compiled for the least CPU of its family */

#endif

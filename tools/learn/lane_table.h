/* SPDX-License-Identifier: MIT */
/* Inner loops of learning, compiled from one template each for every instruction set. All variants
   compute the same bits. */
#ifndef VOQ_LEARN_LANE_TABLE_H
#define VOQ_LEARN_LANE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TILE_ROWS = 6, TILE_COLUMNS_MOST = 16 };

/* Batch norm in one batch: arrays of one value per column. */
struct norm_columns {
    const float *mean, *inverse; /* 1 / deviation */
    const float *scale, *shift;  /* gamma / deviation; beta - mean scale */
    const float *mean_d;         /* of the gradient behind it, over rows */
    const float *mean_dx;        /* of the gradient times the normalised value */
};

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

    /* Rows of n values. Sums are double and grow. */
    void (*add)(const float *x, size_t n, double *sum);
    void (*add_scaled)(const float *x, size_t n, float factor, float *y); /* y[n] += factor x[n] */
    void (*moments)(const float *x, size_t n, double *sum); /* sum[2 n]: of x, of x^2 */
    void (*scale)(const float *x, size_t n, const struct norm_columns *norm, float *y);
    void (*relu)(float *x, size_t n);
    void (*relu_back)(float *d, const float *y, size_t n); /* d = 0 where y is */
    void (*tanh_back)(float *d, const float *y, size_t n); /* d = d (1 - y^2) */
    /* sum[2 n]: of d, of d times the normalised x; then d from behind the norm to before it */
    void (*norm_sums)(const float *d, const float *x, size_t n, const struct norm_columns *norm,
                      double *sum);
    void (*norm_back)(float *d, const float *x, size_t n, const struct norm_columns *norm);

    /* One GRU step of one piece. gate[3 n]: b + W x, becomes r, z and n; state[3 n]: U h;
       inner[n]: becomes c + state's n. */
    void (*gates)(float *gate, const float *state, const float *c, const float *h_before, size_t n,
                  float *inner, float *h);
    /* gate and inner as `gates` left them become their gradients (those of r and z are of gate and
       state, that of n is of gate, inner's is of state); d[n], of h, becomes what h_before has of
       it beside the state's product. */
    void (*gates_back)(float *gate, float *inner, const float *h_before, size_t n, float *d);
};

const struct lane_table *lane_table_best(void);
const struct lane_table *lane_table_baseline(void); /* compiled for the least CPU of its family */

#endif

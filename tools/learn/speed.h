/* SPDX-License-Identifier: MIT */
/* Speech at another speed, and so at another pitch: a windowed sinc at a rational step. Exact
   operations in one order, so that the samples have the same bits on every CPU. */
#ifndef VOQ_LEARN_SPEED_H
#define VOQ_LEARN_SPEED_H

#include "tools/base/failure.h"
#include "tools/learn/lane_table.h"

#include <stddef.h>
#include <stdint.h>

enum { SPEED_LEAST = 50, SPEED_MOST = 150 }; /* percent */

/* Sample j of the result is the signal at sample j * step / steps. A turn of `steps` results is the
   product of the signal around it and a matrix that is the same in every turn. */
struct speed {
    uint32_t step, steps;
    uint32_t before; /* samples that a turn needs before its first */
    uint32_t n_in;   /* samples that a turn needs */
    size_t n_column; /* steps, rounded up to whole panels */
    float *panel;    /* [n_column / tile][n_in][tile]: the matrix, for the tile of `lanes` */
    const struct lane_table *lanes;
};

/* percent: 90 is slower and lower, 110 faster and higher. */
bool speed_make(struct speed *speed, uint32_t percent, struct failure *failure);
void speed_clear(struct speed *speed); /* all zero is allowed */

/* The number of samples that n become. */
size_t speed_length(const struct speed *speed, size_t n);

/* Writes y[speed_length]; outside the signal are zeros. */
void speed_apply(const struct speed *speed, const float *x, size_t n, float *y);

#endif

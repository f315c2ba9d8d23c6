/* SPDX-License-Identifier: MIT */
/* Speech at another speed, and so at another pitch: a windowed sinc at a rational step. Exact
   operations in one order, so that the samples have the same bits on every CPU. */
#ifndef VOQ_LEARN_SPEED_H
#define VOQ_LEARN_SPEED_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

/* Sample j of the result is the signal at sample j * step / steps. */
struct speed {
    uint32_t step, steps;
    uint32_t half;  /* samples to each side that a result needs */
    uint32_t n_tap; /* a multiple of 8 */
    float *tap;     /* [steps][n_tap] */
};

/* percent: 90 is slower and lower, 110 faster and higher. */
bool speed_make(struct speed *speed, uint32_t percent, struct failure *failure);
void speed_clear(struct speed *speed);

/* The number of samples that n become. */
size_t speed_length(const struct speed *speed, size_t n);

/* Writes y[speed_length]; outside the signal are zeros. */
void speed_apply(const struct speed *speed, const float *x, size_t n, float *y);

#endif

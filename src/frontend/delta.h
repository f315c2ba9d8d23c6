/* SPDX-License-Identifier: MIT */
#ifndef VOQ_DELTA_H
#define VOQ_DELTA_H

#include <stddef.h>

/* Appends one more order of deltas: frame[reach + n + reach][n_order*dim] to
   out[n][(n_order+1)*dim], whose last dim values are
       sum over k = 1..reach of k * (last order of frame t+k - of frame t-k) / (2 * sum k^2). */
void voq_delta_run(const float *frame, size_t n, size_t n_order, size_t dim, size_t reach,
                   float *out);

#endif

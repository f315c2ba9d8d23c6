/* SPDX-License-Identifier: MIT */
/* The squared distance as the library reports it: in float, d ascending. */
#ifndef VOQ_TRAIN_SQUARED_DISTANCE_H
#define VOQ_TRAIN_SQUARED_DISTANCE_H

#include <stddef.h>

/* All terms are computed first, in lanes; only their sum has an order. */
static inline float squared_distance(const float *a, const float *b, size_t dim)
{
    enum { STRIP = 64 };
    float sum = 0, term[STRIP];
    for (size_t first = 0; first < dim; first += STRIP) {
        size_t n = dim - first < STRIP ? dim - first : STRIP;
        for (size_t d = 0; d < n; d++) {
            float difference = a[first + d] - b[first + d];
            term[d] = difference * difference;
        }
        for (size_t d = 0; d < n; d++) sum += term[d];
    }
    return sum;
}

#endif

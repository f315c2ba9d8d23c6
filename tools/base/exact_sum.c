/* SPDX-License-Identifier: MIT */
#include "tools/base/exact_sum.h"

#include "tools/base/wide.h"

#include <math.h>

enum { SUM_BITS = 62, LOW_BITS = 32 };

int exact_bits(uint64_t n)
{
    int bits = SUM_BITS;
    while (bits > EXACT_BITS_LEAST && (uint64_t)1 << (SUM_BITS - bits) < n) bits--;
    return bits < EXACT_BITS_MOST ? bits : EXACT_BITS_MOST;
}

double exact_scale(double largest, int bits)
{
    int exponent;
    if (largest == 0) return 1;
    frexp(largest, &exponent);
    return ldexp(1, bits - exponent);
}

WIDE void exact_largest(float *largest, const float *x, size_t n)
{
    for (size_t d = 0; d < n; d++) {
        float magnitude = fabsf(x[d]);
        largest[d] = magnitude > largest[d] ? magnitude : largest[d];
    }
}

WIDE void exact_add_floats(int64_t *sum, const float *x, const double *scale, size_t n)
{
    for (size_t d = 0; d < n; d++) sum[d] += exact_round((double)x[d], scale[d]);
}

WIDE void exact_add(int64_t *sum, const int64_t *more, size_t n)
{
    for (size_t i = 0; i < n; i++) sum[i] += more[i];
}

WIDE void exact_add_products(struct exact_pair *sum, const int32_t a[EXACT_PRODUCT_TERMS],
                             const int32_t (*b)[EXACT_PRODUCT_TERMS], size_t n)
{
    const int64_t below = ((int64_t)1 << LOW_BITS) - 1;
    for (size_t k = 0; k < n; k++) {
        int64_t total = 0;
        for (size_t i = 0; i < EXACT_PRODUCT_TERMS; i++) total += (int64_t)a[i] * b[k][i];
        int64_t low = total & below;
        sum[k].low += low;
        sum[k].high += (total - low) / (below + 1);
    }
}

double exact_pair_value(struct exact_pair sum, double scale_a, double scale_b)
{
    int64_t unit = (int64_t)1 << LOW_BITS, low = sum.low & (unit - 1);
    int64_t high = sum.high + (sum.low - low) / unit;
    return ((double)high * (double)unit + (double)low) / scale_a / scale_b;
}

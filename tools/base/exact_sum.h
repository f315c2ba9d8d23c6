/* SPDX-License-Identifier: MIT */
/* Sums that have no order. Every term is rounded once to a whole number of units, and whole numbers
   are added, which is associative: the sum depends neither on the order of the terms nor on threads
   or machines that add up parts.

   The unit is a power of two, 1/scale, chosen from the largest magnitude and the number of the
   terms. Parts are combined number by number: the larger of two largest magnitudes, the sum of two
   counts of terms, the sums of two arrays of int64_t (exact_add).

   No sum overflows. With n terms, bits = exact_bits(n) and scale = exact_scale(largest, bits):
     - largest < 2^e and scale = 2^(bits-e), so a rounded term is at most 2^bits;
     - n <= 2^(62-bits), so the sum is at most 2^62.
   The rounding error of a term is at most 2^(e-bits-1), which is 2^-bits of the largest magnitude;
   bits is at least 28. If all terms are 0, the scale is 1 and sums are 0. Terms near the smallest
   float are treated like others: a scale is at most 2^(50+148), which a double holds.

   Terms must be finite. */
#ifndef VOQ_TOOLS_EXACT_SUM_H
#define VOQ_TOOLS_EXACT_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EXACT_TERMS_MOST ((uint64_t)1 << 34) /* terms of one sum */

enum {
    EXACT_BITS_LEAST = 28,
    EXACT_BITS_MOST = 50,    /* exact_round needs 2^50 < 2^51 */
    EXACT_PRODUCT_TERMS = 64 /* terms of one exact_add_products */
};

/* The precision of terms of which n are added, at most EXACT_TERMS_MOST. */
int exact_bits(uint64_t n);

/* The number of units in 1, for terms of at most this magnitude, which is finite. */
double exact_scale(double largest, int bits);

/* Rounds x to units, halves to even. Adding 1.5 * 2^52 leaves no bit for fractions. */
static inline int64_t exact_round(double x, double scale)
{
    double shifted = x * scale + 0x1.8p52;
    int64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    return bits - INT64_C(0x4338000000000000); /* the bits of 1.5 * 2^52 */
}

static inline double exact_value(int64_t sum, double scale)
{
    return (double)sum / scale;
}

/* largest[d] becomes the larger of itself and |x[d]|. */
void exact_largest(float *largest, const float *x, size_t n);

/* Adds x[d], rounded with scale[d], to sum[d]. */
void exact_add_floats(int64_t *sum, const float *x, const double *scale, size_t n);

/* Adds another part of the sums. */
void exact_add(int64_t *sum, const int64_t *more, size_t n);

/* A sum of more than 64 bits: high * 2^32 + low. A number of at most 2^62 is added as a high of at
   most 2^30 and a low below 2^32, so that neither overflows in 2^31 such additions. Parts are
   combined by exact_add, as two numbers each. */
struct exact_pair {
    int64_t high, low;
};

/* Adds to sum[k] the sum of a[i] b[k][i]. Terms are rounded to EXACT_BITS_LEAST, so that a product
   is at most 2^56 and the sum of 64 at most 2^62. */
void exact_add_products(struct exact_pair *sum, const int32_t a[EXACT_PRODUCT_TERMS],
                        const int32_t (*b)[EXACT_PRODUCT_TERMS], size_t n);

/* The value of a sum of products whose factors have these scales. Equal sums have equal values,
   whatever their parts were. */
double exact_pair_value(struct exact_pair sum, double scale_a, double scale_b);

#endif

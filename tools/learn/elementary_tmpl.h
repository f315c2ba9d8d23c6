/* SPDX-License-Identifier: MIT */
/* Elementary functions of vectors of floats. NaN stays NaN. */
#include "src/kernel/logarithm_tmpl.h"

#include <float.h>

static inline vec vec_abs(vec x)
{
    return vec_from_bits(vec_bits(x) & (vec_bits(vec_splat(0.0f)) | 0x7fffffffu));
}

/* 2^k for k within -126..127. */
static inline vec power_of_two(ivec k)
{
    return vec_from_bits((uvec)(k + 127) << 23);
}

/* x = k log(2) + r with |r| <= log(2)/2; e^r is its series to r^7 (the rest is below 6e-9). 2^k is
   multiplied in two steps, so that results below the normal numbers are rounded once. */
static inline vec exp_of(vec x)
{
    const vec lowest = vec_splat(-105.0f), highest = vec_splat(89.0f);
    /* the sum with 1.5 * 2^23 is rounded to an integer, which is in its lowest bits */
    const vec shifter = vec_splat(12582912.0f);
    x = vec_select(vec_less(x, lowest), lowest, x);
    x = vec_select(vec_less(highest, x), highest, x);
    vec shifted = x * vec_splat(1.44269504f) + shifter;
    vec whole = shifted - shifter;
    ivec k = (ivec)(vec_bits(shifted) - vec_bits(shifter));
    /* log(2) in two parts; the first has 9 trailing zero bits, so whole times it is exact */
    vec r = (x - whole * vec_splat(0.693145751953125f)) - whole * vec_splat(1.42860677e-6f);
    vec p = vec_splat(1.0f / 5040.0f) * r + vec_splat(1.0f / 720.0f);
    p = p * r + vec_splat(1.0f / 120.0f);
    p = p * r + vec_splat(1.0f / 24.0f);
    p = p * r + vec_splat(1.0f / 6.0f);
    p = p * r + vec_splat(0.5f);
    p = vec_splat(1.0f) + (r + r * r * p);
    ivec half = k >> 1;
    return p * power_of_two(half) * power_of_two(k - half);
}

/* 1 / (1 + e^-x), or e^x / (1 + e^x), so that no power is large. */
static inline vec logistic_of(vec x)
{
    vec one = vec_splat(1.0f), e = exp_of(vec_splat(0.0f) - vec_abs(x));
    return vec_select(vec_less(x, vec_splat(0.0f)), e, one) / (one + e);
}

/* Where |x| < .55, x + x^3 P(x^2), with the polynomial P of least error there; else from e^2|x|. */
static inline vec tanh_of(vec x)
{
    vec one = vec_splat(1.0f), size = vec_abs(x), z = x * x;
    vec p = vec_splat(-0.006609614f) * z + vec_splat(0.021309063f);
    p = p * z + vec_splat(-0.053909376f);
    p = p * z + vec_splat(0.13333113f);
    p = p * z + vec_splat(-0.3333333f);
    vec near = x + x * (z * p);
    vec far = one - vec_splat(2.0f) / (exp_of(size + size) + one);
    far = vec_from_bits(vec_bits(far) | (vec_bits(x) ^ vec_bits(size)));
    return vec_select(vec_less(size, vec_splat(0.55f)), near, far);
}

/* Of what is not a normal number: log(FLT_MIN) up to there, NaN of infinity and NaN. */
static inline vec natural_log_of(vec x)
{
    vec least = vec_splat(FLT_MIN);
    vec y = log_of(vec_select(vec_less(x, least), least, x));
    return vec_select(vec_less(x, vec_splat(__builtin_inff())), y, vec_splat(__builtin_nanf("")));
}

/* SPDX-License-Identifier: MIT */
/* What the two encoder kernels of aarch64 share: LANES = 4 numbers, except the products. */
#include "src/kernel/encoder_kernel.h"

#include <arm_neon.h>

#define LANES 4
#include "src/kernel/lanes.h"

enum { COLUMN_STEP = DENSE_GROUP * COLUMN_GROUP };

/* The same four activations in every lane. */
static inline int8x16_t four_activations(const int8_t *x)
{
    int32_t four;
    memcpy(&four, x, sizeof four);
    return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

static inline ivec load_i16(const int16_t *p)
{
    return (ivec)vmovl_s16(vld1_s16(p));
}

static inline void store_i16(int16_t *p, ivec v)
{
    vst1_s16(p, vmovn_s32((int32x4_t)v));
}

static inline void store_i8(int8_t *p, ivec v)
{
    int16x4_t halves = vmovn_s32((int32x4_t)v);
    int8x8_t bytes = vmovn_s16(vcombine_s16(halves, halves));
    memcpy(p, &bytes, LANES);
}

static inline ivec least(ivec a, ivec b)
{
    return (ivec)vminq_s32((int32x4_t)a, (int32x4_t)b);
}

static inline ivec greatest(ivec a, ivec b)
{
    return (ivec)vmaxq_s32((int32x4_t)a, (int32x4_t)b);
}

static inline ivec rescale(ivec sum, ivec multiplier, uint32_t shift)
{
    int32x4_t a = (int32x4_t)sum, m = (int32x4_t)multiplier;
    int64x2_t half = vdupq_n_s64((int64_t)1 << (shift - 1)), right = vdupq_n_s64(-(int64_t)shift);
    int64x2_t low = vmull_s32(vget_low_s32(a), vget_low_s32(m)), high = vmull_high_s32(a, m);
    low = vshlq_s64(vaddq_s64(low, half), right);
    high = vshlq_s64(vaddq_s64(high, half), right);
    return (ivec)vcombine_s32(vmovn_s64(low), vmovn_s64(high));
}

static inline ivec pair_of(ivec i)
{
    ivec pair;
    for (int lane = 0; lane < LANES; lane++)
        memcpy((int32_t *)&pair + lane, voq_logistic_table + i[lane], 4);
    return pair;
}

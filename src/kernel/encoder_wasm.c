/* SPDX-License-Identifier: MIT */
/* i32x4.dot_i16x8 multiplies 16-bit numbers and adds pairs, so weights and activations are widened.
   A vector of sums has two rows, each as two halves, which are added at the end. */
#ifndef __wasm_simd128__
#error "compile this file for wasm with -msimd128"
#endif
#include "src/kernel/encoder_kernel.h"

#include <wasm_simd128.h>

#define ISA wasm
#define OFFSET 0
#define LANES 4
#include "src/kernel/lanes.h"

enum { TILE_4 = 4, TILE_1 = 16, COLUMN_STEP = DENSE_GROUP * COLUMN_GROUP };

#define DOT(sum, a, w) sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(a, w))

/* The same four activations twice. */
static inline v128_t four_activations(const int8_t *x)
{
    return wasm_i16x8_extend_low_i8x16(wasm_v128_load32_splat(x));
}

/* The sums of four rows, from their halves in two rows each. */
static inline void store_sums(int32_t *sum, v128_t s, v128_t t)
{
    v128_t first = wasm_i32x4_shuffle(s, t, 0, 2, 4, 6);
    v128_t second = wasm_i32x4_shuffle(s, t, 1, 3, 5, 7);
    wasm_v128_store(sum, wasm_i32x4_add(first, second));
}

static void sums_of_4(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    v128_t s0 = wasm_i32x4_splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    size_t step = in->frame_step;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            v128_t v = wasm_i16x8_load8x8(w), u = wasm_i16x8_load8x8(w + 8);
            v128_t a = four_activations(x + k), b = four_activations(x + step + k);
            DOT(s0, a, v), DOT(t0, a, u), DOT(s1, b, v), DOT(t1, b, u);
            a = four_activations(x + 2 * step + k), b = four_activations(x + 3 * step + k);
            DOT(s2, a, v), DOT(t2, a, u), DOT(s3, b, v), DOT(t3, b, u);
        }
    store_sums(sum, s0, t0);
    store_sums(sum + 4, s1, t1);
    store_sums(sum + 8, s2, t2);
    store_sums(sum + 12, s3, t3);
}

static void sums_of_1(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    v128_t s0 = wasm_i32x4_splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            v128_t a = four_activations(x + k);
            DOT(s0, a, wasm_i16x8_load8x8(w)), DOT(t0, a, wasm_i16x8_load8x8(w + 8));
            DOT(s1, a, wasm_i16x8_load8x8(w + 16)), DOT(t1, a, wasm_i16x8_load8x8(w + 24));
            DOT(s2, a, wasm_i16x8_load8x8(w + 32)), DOT(t2, a, wasm_i16x8_load8x8(w + 40));
            DOT(s3, a, wasm_i16x8_load8x8(w + 48)), DOT(t3, a, wasm_i16x8_load8x8(w + 56));
        }
    store_sums(sum, s0, t0);
    store_sums(sum + 4, s1, t1);
    store_sums(sum + 8, s2, t2);
    store_sums(sum + 12, s3, t3);
}

static inline ivec load_i16(const int16_t *p)
{
    return (ivec)wasm_i32x4_load16x4(p);
}

static inline void store_i16(int16_t *p, ivec v)
{
    wasm_v128_store64_lane(p, wasm_i16x8_narrow_i32x4((v128_t)v, (v128_t)v), 0);
}

static inline void store_i8(int8_t *p, ivec v)
{
    v128_t halves = wasm_i16x8_narrow_i32x4((v128_t)v, (v128_t)v);
    wasm_v128_store32_lane(p, wasm_i8x16_narrow_i16x8(halves, halves), 0);
}

static inline ivec least(ivec a, ivec b)
{
    return (ivec)wasm_i32x4_min((v128_t)a, (v128_t)b);
}

static inline ivec greatest(ivec a, ivec b)
{
    return (ivec)wasm_i32x4_max((v128_t)a, (v128_t)b);
}

/* The result fits 32 bits, so that shifting in zeros instead of the sign does not show. */
static inline ivec rescale(ivec sum, ivec multiplier, uint32_t shift)
{
    v128_t a = (v128_t)sum, m = (v128_t)multiplier, half = wasm_i64x2_splat(1LL << (shift - 1));
    v128_t low = wasm_i64x2_add(wasm_i64x2_extmul_low_i32x4(a, m), half);
    v128_t high = wasm_i64x2_add(wasm_i64x2_extmul_high_i32x4(a, m), half);
    low = wasm_u64x2_shr(low, shift), high = wasm_u64x2_shr(high, shift);
    return (ivec)wasm_i32x4_shuffle(low, high, 0, 2, 4, 6);
}

static inline ivec pair_of(ivec i)
{
    ivec pair;
    for (int lane = 0; lane < LANES; lane++)
        memcpy((int32_t *)&pair + lane, voq_logistic_table + i[lane], 4);
    return pair;
}

#include "src/kernel/encoder_tmpl.h"

/* SPDX-License-Identifier: MIT */
/* pmaddwd multiplies 16-bit numbers and adds pairs, so weights and activations are widened. A
   vector of sums has two rows, each as two halves, which are added at the end. */
#ifndef __SSE2__
#error "compile this file for sse2"
#endif
#include "src/kernel/encoder_kernel.h"

#include <emmintrin.h>

#define ISA sse2
#define OFFSET 0
#define LANES 4
#include "src/kernel/lanes.h"

enum { TILE_4 = 4, TILE_1 = 16, COLUMN_STEP = DENSE_GROUP * COLUMN_GROUP };

#define LOAD(p) _mm_loadu_si128((const __m128i *)(const void *)(p))
#define STORE(p, v) _mm_storeu_si128((__m128i *)(void *)(p), v)
#define DOT(sum, a, w) sum = _mm_add_epi32(sum, _mm_madd_epi16(a, w))

static inline __m128i low_half(__m128i bytes)
{
    return _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
}

static inline __m128i high_half(__m128i bytes)
{
    return _mm_srai_epi16(_mm_unpackhi_epi8(bytes, bytes), 8);
}

static inline __m128i four_activations(const int8_t *x)
{
    int32_t four;
    memcpy(&four, x, sizeof four);
    __m128i wide = low_half(_mm_cvtsi32_si128(four));
    return _mm_unpacklo_epi64(wide, wide);
}

/* The sums of four rows, from their halves in two rows each. */
static inline void store_sums(int32_t *sum, __m128i s, __m128i t)
{
    __m128 a = _mm_castsi128_ps(s), b = _mm_castsi128_ps(t);
    __m128i first = _mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0)));
    __m128i second = _mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(3, 1, 3, 1)));
    STORE(sum, _mm_add_epi32(first, second));
}

static void sums_of_4(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    __m128i s0 = _mm_setzero_si128(), s1 = s0, s2 = s0, s3 = s0;
    __m128i t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    size_t step = in->frame_step;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            __m128i bytes = LOAD(w), v = low_half(bytes), u = high_half(bytes);
            __m128i a = four_activations(x + k), b = four_activations(x + step + k);
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
    __m128i s0 = _mm_setzero_si128(), s1 = s0, s2 = s0, s3 = s0;
    __m128i t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            __m128i a = four_activations(x + k), bytes = LOAD(w);
            DOT(s0, a, low_half(bytes)), DOT(t0, a, high_half(bytes));
            bytes = LOAD(w + 16);
            DOT(s1, a, low_half(bytes)), DOT(t1, a, high_half(bytes));
            bytes = LOAD(w + 32);
            DOT(s2, a, low_half(bytes)), DOT(t2, a, high_half(bytes));
            bytes = LOAD(w + 48);
            DOT(s3, a, low_half(bytes)), DOT(t3, a, high_half(bytes));
        }
    store_sums(sum, s0, t0);
    store_sums(sum + 4, s1, t1);
    store_sums(sum + 8, s2, t2);
    store_sums(sum + 12, s3, t3);
}

static inline ivec load_i16(const int16_t *p)
{
    __m128i halves = _mm_loadl_epi64((const __m128i *)(const void *)p);
    return (ivec)_mm_srai_epi32(_mm_unpacklo_epi16(halves, halves), 16);
}

static inline void store_i16(int16_t *p, ivec v)
{
    _mm_storel_epi64((__m128i *)(void *)p, _mm_packs_epi32((__m128i)v, (__m128i)v));
}

static inline void store_i8(int8_t *p, ivec v)
{
    __m128i halves = _mm_packs_epi32((__m128i)v, (__m128i)v);
    int32_t four = _mm_cvtsi128_si32(_mm_packs_epi16(halves, halves));
    memcpy(p, &four, sizeof four);
}

static inline ivec least(ivec a, ivec b)
{
    ivec mask = a < b;
    return (a & mask) | (b & ~mask);
}

static inline ivec greatest(ivec a, ivec b)
{
    return least(b, a) ^ a ^ b;
}

/* The product of unsigned numbers, less 2^32 times the multiplier where the sum is negative. The
   result fits 32 bits, so that shifting in zeros instead of the sign does not show. */
static inline ivec rescale(ivec sum, ivec multiplier, uint32_t shift)
{
    __m128i a = (__m128i)sum, m = (__m128i)multiplier;
    __m128i below = (__m128i)((sum >> 31) & multiplier), high = _mm_set_epi32(-1, 0, -1, 0);
    __m128i half = _mm_set1_epi64x(1LL << (shift - 1));
    __m128i count = _mm_cvtsi32_si128((int)shift), up = _mm_cvtsi32_si128(32 - (int)shift);
    __m128i even = _mm_mul_epu32(a, m);
    __m128i odd = _mm_mul_epu32(_mm_srli_epi64(a, 32), _mm_srli_epi64(m, 32));
    even = _mm_sub_epi64(even, _mm_slli_epi64(below, 32));
    odd = _mm_sub_epi64(odd, _mm_and_si128(below, high));
    even = _mm_srl_epi64(_mm_add_epi64(even, half), count);
    odd = _mm_sll_epi64(_mm_add_epi64(odd, half), up);
    return (ivec)_mm_or_si128(_mm_andnot_si128(high, even), _mm_and_si128(high, odd));
}

static inline ivec pair_of(ivec i)
{
    ivec pair;
    for (int lane = 0; lane < LANES; lane++)
        memcpy((int32_t *)&pair + lane, voq_logistic_table + i[lane], 4);
    return pair;
}

#include "src/kernel/encoder_tmpl.h"

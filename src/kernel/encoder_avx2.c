/* SPDX-License-Identifier: MIT */
/* pmaddubsw multiplies unsigned by signed bytes and adds pairs in 16 bits, which is exact here:
   2 * 127 * 127 fits. A signed activation gives its sign to the weight instead. */
#ifndef __AVX2__
#error "compile this file for avx2"
#endif
#include "src/kernel/encoder_kernel.h"

#include <immintrin.h>

#define ISA avx2
#define OFFSET 0
#define LANES 8
#include "src/kernel/lanes.h"

enum { TILE_4 = 16, TILE_1 = 64, COLUMN_STEP = DENSE_GROUP * COLUMN_GROUP };

#define LOAD(p) _mm256_loadu_si256((const __m256i *)(const void *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(void *)(p), v)

static inline __m256i four_activations(const int8_t *x)
{
    int32_t four;
    memcpy(&four, x, sizeof four);
    return _mm256_set1_epi32(four);
}

/* sum + the products of four activations with the weights of eight rows */
static inline __m256i dot(__m256i sum, __m256i a, __m256i size_of_a, __m256i w, bool is_signed)
{
    __m256i pairs = _mm256_maddubs_epi16(size_of_a, is_signed ? _mm256_sign_epi8(w, a) : w);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

__attribute__((always_inline)) static inline void tile_4(const struct dense *dense, const int8_t *w,
                                                         const struct activations *in,
                                                         const int8_t *x, int32_t *sum,
                                                         bool is_signed)
{
    __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
    __m256i t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    size_t step = in->frame_step;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            __m256i v = LOAD(w), u = LOAD(w + 32);
            __m256i a = four_activations(x + k), b = is_signed ? _mm256_abs_epi8(a) : a;
            s0 = dot(s0, a, b, v, is_signed);
            t0 = dot(t0, a, b, u, is_signed);
            a = four_activations(x + step + k), b = is_signed ? _mm256_abs_epi8(a) : a;
            s1 = dot(s1, a, b, v, is_signed);
            t1 = dot(t1, a, b, u, is_signed);
            a = four_activations(x + 2 * step + k), b = is_signed ? _mm256_abs_epi8(a) : a;
            s2 = dot(s2, a, b, v, is_signed);
            t2 = dot(t2, a, b, u, is_signed);
            a = four_activations(x + 3 * step + k), b = is_signed ? _mm256_abs_epi8(a) : a;
            s3 = dot(s3, a, b, v, is_signed);
            t3 = dot(t3, a, b, u, is_signed);
        }
    STORE(sum, s0), STORE(sum + 8, t0), STORE(sum + 16, s1), STORE(sum + 24, t1);
    STORE(sum + 32, s2), STORE(sum + 40, t2), STORE(sum + 48, s3), STORE(sum + 56, t3);
}

__attribute__((always_inline)) static inline void tile_1(const struct dense *dense, const int8_t *w,
                                                         const struct activations *in,
                                                         const int8_t *x, int32_t *sum,
                                                         bool is_signed)
{
    __m256i s0 = _mm256_setzero_si256(), s1 = s0, s2 = s0, s3 = s0;
    __m256i s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            __m256i a = four_activations(x + k), b = is_signed ? _mm256_abs_epi8(a) : a;
            s0 = dot(s0, a, b, LOAD(w), is_signed);
            s1 = dot(s1, a, b, LOAD(w + 32), is_signed);
            s2 = dot(s2, a, b, LOAD(w + 64), is_signed);
            s3 = dot(s3, a, b, LOAD(w + 96), is_signed);
            s4 = dot(s4, a, b, LOAD(w + 128), is_signed);
            s5 = dot(s5, a, b, LOAD(w + 160), is_signed);
            s6 = dot(s6, a, b, LOAD(w + 192), is_signed);
            s7 = dot(s7, a, b, LOAD(w + 224), is_signed);
        }
    STORE(sum, s0), STORE(sum + 8, s1), STORE(sum + 16, s2), STORE(sum + 24, s3);
    STORE(sum + 32, s4), STORE(sum + 40, s5), STORE(sum + 48, s6), STORE(sum + 56, s7);
}

static void sums_of_4(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    if (dense->is_signed)
        tile_4(dense, w, in, x, sum, true);
    else
        tile_4(dense, w, in, x, sum, false);
}

static void sums_of_1(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    if (dense->is_signed)
        tile_1(dense, w, in, x, sum, true);
    else
        tile_1(dense, w, in, x, sum, false);
}

static inline ivec load_i16(const int16_t *p)
{
    return (ivec)_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
}

static inline __m128i halves(ivec v)
{
    __m128i low = _mm256_castsi256_si128((__m256i)v);
    return _mm_packs_epi32(low, _mm256_extracti128_si256((__m256i)v, 1));
}

static inline void store_i16(int16_t *p, ivec v)
{
    _mm_storeu_si128((__m128i *)(void *)p, halves(v));
}

static inline void store_i8(int8_t *p, ivec v)
{
    __m128i h = halves(v);
    _mm_storel_epi64((__m128i *)(void *)p, _mm_packs_epi16(h, h));
}

static inline ivec least(ivec a, ivec b)
{
    return (ivec)_mm256_min_epi32((__m256i)a, (__m256i)b);
}

static inline ivec greatest(ivec a, ivec b)
{
    return (ivec)_mm256_max_epi32((__m256i)a, (__m256i)b);
}

/* The result fits 32 bits, so that shifting in zeros instead of the sign does not show. */
static inline ivec rescale(ivec sum, ivec multiplier, uint32_t shift)
{
    __m256i a = (__m256i)sum, m = (__m256i)multiplier;
    __m256i half = _mm256_set1_epi64x(1LL << (shift - 1));
    __m128i count = _mm_cvtsi32_si128((int)shift), up = _mm_cvtsi32_si128(32 - (int)shift);
    __m256i even = _mm256_mul_epi32(a, m);
    __m256i odd = _mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(m, 32));
    even = _mm256_srl_epi64(_mm256_add_epi64(even, half), count);
    odd = _mm256_sll_epi64(_mm256_add_epi64(odd, half), up);
    return (ivec)_mm256_blend_epi32(even, odd, 0xaa);
}

static inline ivec pair_of(ivec i)
{
    const int *table = (const int *)(const void *)voq_logistic_table;
    return (ivec)_mm256_i32gather_epi32(table, (__m256i)i, sizeof *voq_logistic_table);
}

#include "src/kernel/encoder_tmpl.h"

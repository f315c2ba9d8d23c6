/* SPDX-License-Identifier: MIT */
/* vpdpbusd adds four products of an unsigned by a signed byte to each lane. A signed activation has
   128 added; packing took the same off the bias. */
#ifndef __AVX512VNNI__
#error "compile this file for avx512vnni"
#endif
#include "src/kernel/encoder_kernel.h"

#include <immintrin.h>

#define ISA vnni
#define OFFSET 128
#define LANES 16
#include "src/kernel/lanes.h"

enum { TILE_4 = 64, TILE_1 = 64, COLUMN_STEP = DENSE_GROUP * COLUMN_GROUP };

#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define DOT(sum, a, w) sum = _mm512_dpbusd_epi32(sum, a, w)

/* flip adds 128 to each byte, or is 0. */
static inline __m512i four_activations(const int8_t *x, __m512i flip)
{
    int32_t four;
    memcpy(&four, x, sizeof four);
    return _mm512_xor_si512(_mm512_set1_epi32(four), flip);
}

static inline __m512i flip_of(const struct dense *dense)
{
    return _mm512_set1_epi8(dense->is_signed ? (char)0x80 : 0);
}

static void sums_of_4(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;
    __m512i t0 = s0, t1 = s0, t2 = s0, t3 = s0, u0 = s0, u1 = s0, u2 = s0, u3 = s0;
    __m512i v0 = s0, v1 = s0, v2 = s0, v3 = s0, flip = flip_of(dense);
    size_t step = in->frame_step;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            __m512i w0 = LOAD(w), w1 = LOAD(w + 64), w2 = LOAD(w + 128), w3 = LOAD(w + 192);
            __m512i a = four_activations(x + k, flip);
            DOT(s0, a, w0), DOT(s1, a, w1), DOT(s2, a, w2), DOT(s3, a, w3);
            a = four_activations(x + step + k, flip);
            DOT(t0, a, w0), DOT(t1, a, w1), DOT(t2, a, w2), DOT(t3, a, w3);
            a = four_activations(x + 2 * step + k, flip);
            DOT(u0, a, w0), DOT(u1, a, w1), DOT(u2, a, w2), DOT(u3, a, w3);
            a = four_activations(x + 3 * step + k, flip);
            DOT(v0, a, w0), DOT(v1, a, w1), DOT(v2, a, w2), DOT(v3, a, w3);
        }
    STORE(sum, s0), STORE(sum + 16, s1), STORE(sum + 32, s2), STORE(sum + 48, s3);
    STORE(sum + 64, t0), STORE(sum + 80, t1), STORE(sum + 96, t2), STORE(sum + 112, t3);
    STORE(sum + 128, u0), STORE(sum + 144, u1), STORE(sum + 160, u2), STORE(sum + 176, u3);
    STORE(sum + 192, v0), STORE(sum + 208, v1), STORE(sum + 224, v2), STORE(sum + 240, v3);
}

static void sums_of_1(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0, flip = flip_of(dense);
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            __m512i a = four_activations(x + k, flip);
            DOT(s0, a, LOAD(w)), DOT(s1, a, LOAD(w + 64));
            DOT(s2, a, LOAD(w + 128)), DOT(s3, a, LOAD(w + 192));
        }
    STORE(sum, s0), STORE(sum + 16, s1), STORE(sum + 32, s2), STORE(sum + 48, s3);
}

static inline ivec load_i16(const int16_t *p)
{
    return (ivec)_mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)p));
}

static inline void store_i16(int16_t *p, ivec v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, _mm512_cvtepi32_epi16((__m512i)v));
}

static inline void store_i8(int8_t *p, ivec v)
{
    _mm_storeu_si128((__m128i *)(void *)p, _mm512_cvtepi32_epi8((__m512i)v));
}

static inline ivec least(ivec a, ivec b)
{
    return (ivec)_mm512_min_epi32((__m512i)a, (__m512i)b);
}

static inline ivec greatest(ivec a, ivec b)
{
    return (ivec)_mm512_max_epi32((__m512i)a, (__m512i)b);
}

/* The result fits 32 bits, so that shifting in zeros instead of the sign does not show. */
static inline ivec rescale(ivec sum, ivec multiplier, uint32_t shift)
{
    __m512i a = (__m512i)sum, m = (__m512i)multiplier;
    __m512i half = _mm512_set1_epi64(1LL << (shift - 1));
    __m128i count = _mm_cvtsi32_si128((int)shift), up = _mm_cvtsi32_si128(32 - (int)shift);
    __m512i even = _mm512_mul_epi32(a, m);
    __m512i odd = _mm512_mul_epi32(_mm512_srli_epi64(a, 32), _mm512_srli_epi64(m, 32));
    even = _mm512_srl_epi64(_mm512_add_epi64(even, half), count);
    odd = _mm512_sll_epi64(_mm512_add_epi64(odd, half), up);
    return (ivec)_mm512_mask_blend_epi32(0xaaaa, even, odd);
}

static inline ivec pair_of(ivec i)
{
    return (ivec)_mm512_i32gather_epi32((__m512i)i, voq_logistic_table,
                                        sizeof *voq_logistic_table);
}

#include "src/kernel/encoder_tmpl.h"

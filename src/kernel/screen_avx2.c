/* SPDX-License-Identifier: MIT */
/* pmaddwd multiplies 16-bit numbers and adds pairs. */
#ifndef __AVX2__
#error "compile this file for avx2"
#endif
#include "src/kernel/screen_kernel.h"

#include <immintrin.h>

#define ISA avx2
#define LANES 8
#include "src/kernel/lanes.h"

static inline ivec dot(ivec sum, ivec x, ivec c)
{
    return sum + (ivec)_mm256_madd_epi16((__m256i)x, (__m256i)c);
}

static inline ivec least(ivec a, ivec b)
{
    return (ivec)_mm256_min_epi32((__m256i)a, (__m256i)b);
}

static inline ivec greatest(ivec a, ivec b)
{
    return (ivec)_mm256_max_epi32((__m256i)a, (__m256i)b);
}

static inline void store_i16(int16_t *p, ivec v)
{
    __m128i low = _mm256_castsi256_si128((__m256i)v);
    _mm_storeu_si128((__m128i *)(void *)p,
                     _mm_packs_epi32(low, _mm256_extracti128_si256((__m256i)v, 1)));
}

static inline int32_t least_lane(ivec v)
{
    __m128i least = _mm_min_epi32(_mm256_castsi256_si128((__m256i)v),
                                  _mm256_extracti128_si256((__m256i)v, 1));
    least = _mm_min_epi32(least, _mm_shuffle_epi32(least, _MM_SHUFFLE(1, 0, 3, 2)));
    least = _mm_min_epi32(least, _mm_shuffle_epi32(least, _MM_SHUFFLE(2, 3, 0, 1)));
    return _mm_cvtsi128_si32(least);
}

static inline uint32_t below(ivec a, ivec b)
{
    return (uint32_t)_mm256_movemask_ps((__m256)(a < b));
}

#include "src/kernel/screen_tmpl.h"

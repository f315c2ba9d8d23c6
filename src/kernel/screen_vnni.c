/* SPDX-License-Identifier: MIT */
/* vpdpwssd adds two products of 16-bit numbers to each lane. */
#ifndef __AVX512VNNI__
#error "compile this file for avx512vnni"
#endif
#include "src/kernel/screen_kernel.h"

#include <immintrin.h>

#define ISA vnni
#define LANES 16
#include "src/kernel/lanes.h"

static inline ivec dot(ivec sum, ivec x, ivec c)
{
    return (ivec)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)x, (__m512i)c);
}

static inline ivec least(ivec a, ivec b)
{
    return (ivec)_mm512_min_epi32((__m512i)a, (__m512i)b);
}

static inline ivec greatest(ivec a, ivec b)
{
    return (ivec)_mm512_max_epi32((__m512i)a, (__m512i)b);
}

static inline void store_i16(int16_t *p, ivec v)
{
    _mm256_storeu_si256((__m256i *)(void *)p, _mm512_cvtepi32_epi16((__m512i)v));
}

static inline int32_t least_lane(ivec v)
{
    return _mm512_reduce_min_epi32((__m512i)v);
}

static inline uint32_t below(ivec a, ivec b)
{
    return _mm512_cmplt_epi32_mask((__m512i)a, (__m512i)b);
}

#include "src/kernel/screen_tmpl.h"

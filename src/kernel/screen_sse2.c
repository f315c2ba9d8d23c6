/* SPDX-License-Identifier: MIT */
/* pmaddwd multiplies 16-bit numbers and adds pairs. */
#ifndef __SSE2__
#error "compile this file for sse2"
#endif
#include "src/kernel/screen_kernel.h"

#include <emmintrin.h>

#define ISA sse2
#define LANES 4
#include "src/kernel/lanes.h"

static inline ivec dot(ivec sum, ivec x, ivec c)
{
    return sum + (ivec)_mm_madd_epi16((__m128i)x, (__m128i)c);
}

static inline ivec least(ivec a, ivec b)
{
    ivec less = a < b;
    return (less & a) | (~less & b);
}

static inline ivec greatest(ivec a, ivec b)
{
    ivec less = a < b;
    return (less & b) | (~less & a);
}

static inline void store_i16(int16_t *p, ivec v)
{
    _mm_storel_epi64((__m128i *)(void *)p, _mm_packs_epi32((__m128i)v, (__m128i)v));
}

static inline int32_t least_lane(ivec v)
{
    int32_t a = v[0] < v[1] ? v[0] : v[1], b = v[2] < v[3] ? v[2] : v[3];
    return a < b ? a : b;
}

static inline uint32_t below(ivec a, ivec b)
{
    return (uint32_t)_mm_movemask_ps((__m128)(a < b));
}

#include "src/kernel/screen_tmpl.h"

/* SPDX-License-Identifier: MIT */
/* A vector of LANES floats and the few operations that kernels need, included once per instruction
   set with LANES set. Shared with training. One lane is one frame or one codeword; lanes never mix,
   so every number comes from the same operations in the same order at any width. LANES = 1 is plain
   float. */
#ifndef LANES
#error "set LANES before including lanes.h"
#endif

#include <stdint.h>
#include <string.h>

#if LANES == 1
typedef float vec;
typedef int32_t ivec;
typedef uint32_t uvec;
#else
/* KissFFT aligns the vectors in its plan to at most 32 bytes. */
#define LANES_ALIGN (LANES * 4 < 32 ? LANES * 4 : 32)
typedef float vec __attribute__((vector_size(LANES * 4), aligned(LANES_ALIGN)));
typedef int32_t ivec __attribute__((vector_size(LANES * 4), aligned(LANES_ALIGN)));
typedef uint32_t uvec __attribute__((vector_size(LANES * 4), aligned(LANES_ALIGN)));
#endif

static inline vec vec_load(const float *p)
{
    vec v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void vec_store(float *p, vec v)
{
    memcpy(p, &v, sizeof v);
}

static inline vec vec_splat(float x)
{
#if LANES == 1
    return x;
#else
    return x - (vec){0};
#endif
}

static inline uvec vec_bits(vec v)
{
    uvec u;
    memcpy(&u, &v, sizeof u);
    return u;
}

static inline vec vec_from_bits(uvec u)
{
    vec v;
    memcpy(&v, &u, sizeof v);
    return v;
}

/* All ones where a < b, else zero. */
static inline uvec vec_less(vec a, vec b)
{
#if LANES == 1
    return a < b ? UINT32_MAX : 0;
#else
    return (uvec)(a < b);
#endif
}

static inline vec vec_select(uvec mask, vec yes, vec no)
{
    return vec_from_bits((mask & vec_bits(yes)) | (~mask & vec_bits(no)));
}

static inline vec vec_from_int(ivec i)
{
#if LANES == 1
    return (float)i;
#else
    return __builtin_convertvector(i, vec);
#endif
}

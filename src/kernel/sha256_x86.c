/* SPDX-License-Identifier: MIT */
/* sha256rnds2 computes two rounds on the state, which lies in two registers: a, b, e, f and c, d,
   g, h, the first in the highest lane. After two rounds the old a, b, e, f are c, d, g, h. */
#ifndef __SHA__
#error "compile this file for sha"
#endif
#include "src/kernel/hash_kernel.h"

#include <immintrin.h>

static inline __m128i load(const void *p)
{
    return _mm_loadu_si128((const __m128i *)p);
}

static inline __m128i load_words(const unsigned char *p)
{
    const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    return _mm_shuffle_epi8(load(p), big_endian);
}

static inline void four_rounds(__m128i *abef, __m128i *cdgh, __m128i words, size_t i)
{
    __m128i sum = _mm_add_epi32(words, load(sha256_constant + i));
    *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
    *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* The four words that follow sixteen. */
static inline __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

void voq_sha256_x86(uint32_t state[8], const unsigned char *block, size_t n)
{
    const int *s = (const int *)state;
    __m128i abef = _mm_set_epi32(s[0], s[1], s[4], s[5]);
    __m128i cdgh = _mm_set_epi32(s[2], s[3], s[6], s[7]);
    for (; n > 0; n--, block += 64) {
        __m128i a = abef, c = cdgh;
        __m128i w0 = load_words(block), w1 = load_words(block + 16);
        __m128i w2 = load_words(block + 32), w3 = load_words(block + 48);
        for (size_t i = 0; i < 64; i += 16) {
            four_rounds(&a, &c, w0, i);
            four_rounds(&a, &c, w1, i + 4);
            four_rounds(&a, &c, w2, i + 8);
            four_rounds(&a, &c, w3, i + 12);
            w0 = next_words(w0, w1, w2, w3);
            w1 = next_words(w1, w2, w3, w0);
            w2 = next_words(w2, w3, w0, w1);
            w3 = next_words(w3, w0, w1, w2);
        }
        abef = _mm_add_epi32(abef, a);
        cdgh = _mm_add_epi32(cdgh, c);
    }
    uint32_t low[4], high[4];
    _mm_storeu_si128((__m128i *)(void *)high, abef);
    _mm_storeu_si128((__m128i *)(void *)low, cdgh);
    state[0] = high[3], state[1] = high[2], state[4] = high[1], state[5] = high[0];
    state[2] = low[3], state[3] = low[2], state[6] = low[1], state[7] = low[0];
}

/* SPDX-License-Identifier: MIT */
/* CRC-32C by the instruction of x86 for it, eight bytes at a time. */
#include "src/kernel/hash_kernel.h"

#include <nmmintrin.h>
#include <string.h>

#ifndef __SSE4_2__
#error "compile this file for sse4.2"
#endif

uint32_t voq_crc32c_sse42(uint32_t crc, const unsigned char *p, size_t n)
{
    uint64_t state = crc;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        state = _mm_crc32_u64(state, word);
    }
    return (uint32_t)state;
}

/* SPDX-License-Identifier: MIT */
/* Shared with tools/train. */
#ifndef VOQ_SHA256_H
#define VOQ_SHA256_H

#include "src/kernel/hash_kernel.h"

#include <stddef.h>
#include <stdint.h>

/* SHA-256 (FIPS 180-4) over pieces. */
struct sha256 {
    uint32_t state[8];
    uint64_t n_byte;
    unsigned char block[64];
    sha256_blocks *blocks; /* the fastest of this machine */
};

void voq_sha256_begin(struct sha256 *sha);
void voq_sha256_add(struct sha256 *sha, const void *bytes, size_t n);
void voq_sha256_end(struct sha256 *sha, unsigned char digest[32]);

/* The compression function, without special instructions. */
extern sha256_blocks voq_sha256_plain;

#endif

/* SPDX-License-Identifier: MIT */
/* SHA-256 by the instructions of a CPU. */
#ifndef VOQ_SHA256_KERNEL_H
#define VOQ_SHA256_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Adds n blocks of 64 bytes to the state. */
typedef void sha256_blocks(uint32_t state[8], const unsigned char *block, size_t n);

/* The one of this machine; NULL if it has none. */
sha256_blocks *voq_sha256_kernel(void);

extern const uint32_t voq_sha256_constant[64]; /* of the rounds */

extern sha256_blocks voq_sha256_x86;

#endif

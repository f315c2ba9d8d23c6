/* SPDX-License-Identifier: MIT */
#ifndef VOQ_CRC32C_H
#define VOQ_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32C (Castagnoli; RFC 3720, appendix B.4). Start with crc 0; chains over pieces. */
uint32_t voq_crc32c(uint32_t crc, const void *bytes, size_t n);

#endif

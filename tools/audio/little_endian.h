/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TOOLS_LITTLE_ENDIAN_H
#define VOQ_TOOLS_LITTLE_ENDIAN_H

#include <stdint.h>

static inline uint16_t le16(const unsigned char *b)
{
    return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t le32(const unsigned char *b)
{
    return (uint32_t)le16(b) | (uint32_t)le16(b + 2) << 16;
}

static inline uint64_t le64(const unsigned char *b)
{
    return (uint64_t)le32(b) | (uint64_t)le32(b + 4) << 32;
}

#endif

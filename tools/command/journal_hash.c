/* SPDX-License-Identifier: MIT */
#include "tools/command/journal_hash.h"

#include <string.h>

uint64_t journal_hash(uint64_t hash, const void *bytes, size_t n_byte)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < n_byte; i++) hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}

uint64_t journal_hash_text(uint64_t hash, const char *text)
{
    return text ? journal_hash(hash, text, strlen(text) + 1) : journal_hash(hash, "\1", 1);
}

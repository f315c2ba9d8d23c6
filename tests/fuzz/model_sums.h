/* SPDX-License-Identifier: MIT */
/* Checksums hide the fields of a model file from a fuzzer: this puts them right. */
#ifndef VOQ_TESTS_MODEL_SUMS_H
#define VOQ_TESTS_MODEL_SUMS_H

#include "src/model/crc32c.h"
#include "src/model/layout.h"

#include <stdint.h>
#include <string.h>

static uint64_t field(const uint8_t *at, size_t n)
{
    uint64_t value = 0;
    memcpy(&value, at, n);
    return value;
}

/* Size and checksums of the header, and of each section that lies in the file. */
static void put_sums_right(uint8_t *b, uint64_t n)
{
    if (n < HEADER_SIZE) return;
    memcpy(b + 16, &n, 8);
    uint64_t n_section = field(b + 12, 4);
    if (n_section > MAX_SECTIONS || HEADER_SIZE + n_section * ENTRY_SIZE > n) return;
    for (uint64_t i = 0; i < n_section; i++) {
        uint8_t *entry = b + HEADER_SIZE + i * ENTRY_SIZE;
        uint64_t offset = field(entry + 8, 8), size = field(entry + 16, 8);
        if (offset > n || size > n - offset) continue;
        uint32_t crc = voq_crc32c(0, b + offset, (size_t)size);
        memcpy(entry + 24, &crc, 4);
    }
    uint32_t crc =
        voq_crc32c(voq_crc32c(0, b, 24), b + HEADER_SIZE, (size_t)n_section * ENTRY_SIZE);
    memcpy(b + 24, &crc, 4);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Model files put together by hand from models/README.md, right or wrong. */
#ifndef VOQ_TESTS_RAW_FILE_H
#define VOQ_TESTS_RAW_FILE_H

#include "src/model/crc32c.h"

#include "voq.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RAW_HEADER = 32, RAW_ENTRY = 32, RAW_SECTIONS = 70 };

struct raw_section {
    char type[4];
    uint32_t flags;
    unsigned char *bytes;
    size_t n;
};

struct raw_file {
    uint32_t n_section;
    struct raw_section section[RAW_SECTIONS];
};

static inline uint64_t raw_get(const unsigned char *at, size_t n)
{
    uint64_t value = 0;
    memcpy(&value, at, n);
    return value;
}

static inline void raw_put(unsigned char *at, uint64_t value, size_t n)
{
    memcpy(at, &value, n);
}

/* Takes a right file apart; the sections are copies. */
static inline struct raw_file raw_read(const unsigned char *b)
{
    struct raw_file raw = {.n_section = (uint32_t)raw_get(b + 12, 4)};
    for (uint32_t i = 0; i < raw.n_section; i++) {
        const unsigned char *entry = b + RAW_HEADER + i * RAW_ENTRY;
        struct raw_section *s = &raw.section[i];
        memcpy(s->type, entry, 4);
        s->flags = (uint32_t)raw_get(entry + 4, 4);
        s->n = (size_t)raw_get(entry + 16, 8);
        s->bytes = malloc(s->n + 1);
        memcpy(s->bytes, b + (size_t)raw_get(entry + 8, 8), s->n);
    }
    return raw;
}

static inline void raw_free(struct raw_file *raw)
{
    for (uint32_t i = 0; i < raw->n_section; i++) free(raw->section[i].bytes);
}

static inline struct raw_section *raw_find(struct raw_file *raw, const char *type)
{
    for (uint32_t i = 0; i < raw->n_section; i++)
        if (memcmp(raw->section[i].type, type, 4) == 0) return &raw->section[i];
    abort();
}

/* Sets the checksum of header and table right. */
static inline void raw_seal(unsigned char *b, uint32_t n_section)
{
    raw_put(b + 24, voq_crc32c(voq_crc32c(0, b, 24), b + RAW_HEADER, (size_t)n_section * RAW_ENTRY),
            4);
}

/* The bytes, allocated. */
static inline unsigned char *raw_write(const struct raw_file *raw, size_t *n)
{
    size_t offset = RAW_HEADER + (size_t)raw->n_section * RAW_ENTRY, size = offset;
    for (uint32_t i = 0; i < raw->n_section; i++) size += (raw->section[i].n + 7) / 8 * 8;
    unsigned char *b = calloc(1, size);
    memcpy(b, "\x89VOQ\r\n\x1a\n", 8);
    raw_put(b + 8, 1, 4);
    raw_put(b + 12, raw->n_section, 4);
    raw_put(b + 16, size, 8);
    for (uint32_t i = 0; i < raw->n_section; i++) {
        const struct raw_section *s = &raw->section[i];
        unsigned char *entry = b + RAW_HEADER + i * RAW_ENTRY;
        memcpy(b + offset, s->bytes, s->n);
        memcpy(entry, s->type, 4);
        raw_put(entry + 4, s->flags, 4);
        raw_put(entry + 8, offset, 8);
        raw_put(entry + 16, s->n, 8);
        raw_put(entry + 24, voq_crc32c(0, b + offset, s->n), 4);
        offset += (s->n + 7) / 8 * 8;
    }
    raw_seal(b, raw->n_section);
    *n = size;
    return b;
}

#endif

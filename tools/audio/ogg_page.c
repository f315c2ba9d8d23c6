/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "tools/audio/ogg_page.h"

#include "tools/audio/little_endian.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 27, LONGEST_PAGE = HEAD + 255 + 255 * 255, BUFFER_BYTES = 1 << 18 };

struct ogg_pages {
    struct byte_source *source;
    uint64_t position;   /* of buffer[begin] in the file */
    size_t begin, end;   /* of the bytes in the buffer */
    bool is_last;        /* the file ends with these bytes */
    uint32_t table[256]; /* for the checksum, one byte at a time */
    unsigned char buffer[BUFFER_BYTES];
};

/* Polynomial 0x04c11db7, highest bit first, initial value 0. */
static void fill_table(uint32_t *table)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i << 24;
        for (int bit = 0; bit < 8; bit++)
            value = value << 1 ^ (value & 0x80000000 ? 0x04c11db7 : 0);
        table[i] = value;
    }
}

static uint32_t add(const uint32_t *table, uint32_t sum, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) sum = sum << 8 ^ table[sum >> 24 ^ bytes[i]];
    return sum;
}

/* The checksum's own four bytes count as 0. */
static bool is_sound(const struct ogg_pages *p, const unsigned char *bytes, size_t n)
{
    static const unsigned char none[4];
    uint32_t sum = add(p->table, 0, bytes, 22);
    sum = add(p->table, sum, none, sizeof none);
    return add(p->table, sum, bytes + 26, n - 26) == le32(bytes + 22);
}

/* Returns the length of header and body; 0: no header, or a cut one. */
static size_t parse(const unsigned char *bytes, size_t n, struct ogg_page *page)
{
    if (n < HEAD || memcmp(bytes, "OggS", 5) != 0 || n < HEAD + (size_t)bytes[26]) return 0;
    size_t length = HEAD + (size_t)bytes[26], n_body = 0;
    page->n_packet = 0;
    for (size_t i = HEAD; i < length; i++) {
        n_body += bytes[i];
        page->n_packet += bytes[i] < 255;
    }
    page->is_first = bytes[5] & 2;
    page->is_last = bytes[5] & 4;
    page->granule = le64(bytes + 6);
    page->serial = le32(bytes + 14);
    page->sequence = le32(bytes + 18);
    memset(page->start, 0, sizeof page->start);
    size_t n_start = n - length < n_body ? n - length : n_body;
    if (n_start > sizeof page->start) n_start = sizeof page->start;
    memcpy(page->start, bytes + length, n_start);
    return length + n_body;
}

bool ogg_pages_open(struct ogg_pages **pages, struct byte_source *source, uint64_t position,
                    struct failure *failure)
{
    struct ogg_pages *p = malloc(sizeof *p);
    if (!p) return fail_memory(failure);
    p->source = source;
    p->position = position;
    p->begin = p->end = 0;
    p->is_last = false;
    fill_table(p->table);
    *pages = p;
    return true;
}

/* Fills the buffer with as much as the longest page may need, unless the file ends first. */
static bool fill(struct ogg_pages *p, struct failure *failure)
{
    size_t n = p->end - p->begin, n_read;
    if (n >= LONGEST_PAGE || p->is_last) return true;
    memmove(p->buffer, p->buffer + p->begin, n);
    p->begin = 0;
    p->end = n;
    if (!byte_source_peek(p->source, p->position + n, p->buffer + n, sizeof p->buffer - n, &n_read,
                          failure))
        return false;
    p->end += n_read;
    p->is_last = p->end < sizeof p->buffer;
    return true;
}

static void skip(struct ogg_pages *p, size_t n)
{
    p->begin += n;
    p->position += n;
}

/* Moves to where the next page may begin: up to three bytes of its mark may end the buffer. */
static void seek_capture(struct ogg_pages *p)
{
    size_t n = p->end - p->begin;
    const unsigned char *start = p->buffer + p->begin, *found = memmem(start, n, "OggS", 4);
    skip(p, found ? (size_t)(found - start) : n > 3 && !p->is_last ? n - 3 : n);
}

bool ogg_pages_next(struct ogg_pages *p, struct ogg_page *page, bool *found,
                    struct failure *failure)
{
    *found = false;
    while (fill(p, failure)) {
        const unsigned char *bytes = p->buffer + p->begin;
        size_t n = p->end - p->begin, length = parse(bytes, n, page);
        page->begin = p->position;
        page->end = p->position + length;
        if (n == 0) return true;
        if (length > 0 && length <= n && is_sound(p, bytes, length)) {
            skip(p, length);
            *found = true;
            return true;
        }
        if (memcmp(bytes, "OggS", n < 4 ? n : 4) == 0) skip(p, 1);
        seek_capture(p);
    }
    return false;
}

bool ogg_page_peek(struct byte_source *source, uint64_t position, struct ogg_page *page,
                   struct failure *failure)
{
    unsigned char bytes[HEAD + 255 + sizeof page->start];
    size_t n;
    failure->text[0] = 0;
    if (!byte_source_peek(source, position, bytes, sizeof bytes, &n, failure)) return false;
    size_t length = parse(bytes, n, page);
    page->begin = position;
    page->end = position + length;
    return length > 0;
}

void ogg_pages_close(struct ogg_pages *p)
{
    free(p);
}

/* SPDX-License-Identifier: MIT */
/* The one reader of binary files; its messages name file and byte. */
#ifndef VOQ_TOOLS_BYTE_READER_H
#define VOQ_TOOLS_BYTE_READER_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct byte_reader;

#define BYTE_READER_SIZE_UNKNOWN UINT64_MAX

/* "-" is standard input, which messages call "stdin". */
bool byte_reader_open(struct byte_reader **reader, const char *path, struct failure *failure);

/* The same, unpacked if it is gzip; the size is then unknown, and offsets count unpacked bytes. */
bool byte_reader_open_unpacked(struct byte_reader **reader, const char *path,
                               struct failure *failure);

/* Reads exactly n bytes; if the file ends first, the failure names the byte there and `what`. */
bool byte_reader_read(struct byte_reader *reader, void *bytes, size_t n, const char *what,
                      struct failure *failure);

/* Looks at the next byte without reading it; -1 at the end of the file. */
bool byte_reader_peek(struct byte_reader *reader, int *byte, struct failure *failure);

/* Continues at an offset; only in regular files. */
bool byte_reader_seek(struct byte_reader *reader, uint64_t offset, struct failure *failure);

/* Fails with "FILE: byte OFFSET: ...". */
bool byte_reader_fail(const struct byte_reader *reader, uint64_t offset, struct failure *failure,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

const char *byte_reader_path(const struct byte_reader *reader);
uint64_t byte_reader_offset(const struct byte_reader *reader); /* of the next byte */
uint64_t byte_reader_size(const struct byte_reader *reader);   /* of a regular file */

/* Whether n more bytes may be there: false only if the size is known and smaller. */
bool byte_reader_has(const struct byte_reader *reader, uint64_t n);

void byte_reader_close(struct byte_reader *reader); /* NULL is allowed */

/* Little-endian integers at bytes of any alignment. */
static inline uint16_t get_u16le(const unsigned char *b)
{
    return (uint16_t)(b[0] | b[1] << 8);
}
static inline uint32_t get_u32le(const unsigned char *b)
{
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}
static inline void put_u32le(unsigned char *b, uint32_t x)
{
    for (int i = 0; i < 4; i++, x >>= 8) b[i] = (unsigned char)x;
}
static inline void put_u64le(unsigned char *b, uint64_t x)
{
    for (int i = 0; i < 8; i++, x >>= 8) b[i] = (unsigned char)x;
}

#endif

/* SPDX-License-Identifier: MIT */
#include "tools/report/png.h"

#include "tools/base/growing.h"
#include "tools/report/html.h"

#include <stdlib.h>
#include <string.h>

enum { COLOURS = PNG_MOST + 1, BLOCK = 65535 };

struct png {
    struct base64 out;
    uint32_t crc;
};

static void put(struct png *png, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++) {
        png->crc ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            png->crc = png->crc >> 1 ^ (png->crc & 1 ? 0xedb88320 : 0);
    }
    base64_put(&png->out, bytes, n);
}

static void put_u32(struct png *png, uint32_t x)
{
    for (int shift = 24; shift >= 0; shift -= 8) put(png, (unsigned char[]){x >> shift & 255}, 1);
}

static void begin_chunk(struct png *png, size_t n, const char *kind)
{
    put_u32(png, (uint32_t)n);
    png->crc = 0xffffffff;
    put(png, kind, 4);
}

static void end_chunk(struct png *png)
{
    put_u32(png, png->crc ^ 0xffffffff);
}

static void put_chunk(struct png *png, const char *kind, const void *bytes, size_t n)
{
    begin_chunk(png, n, kind);
    put(png, bytes, n);
    end_chunk(png);
}

static uint32_t adler(const unsigned char *bytes, size_t n)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < n; i++) {
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

/* Blocks of zlib that are stored and not compressed, because compressors differ in their bytes. */
static void put_pixels(struct png *png, const unsigned char *bytes, size_t n)
{
    size_t n_block = (n + BLOCK - 1) / BLOCK;
    begin_chunk(png, 2 + 5 * n_block + n + 4, "IDAT");
    put(png, "\x78\x01", 2);
    for (size_t at = 0; at < n; at += BLOCK) {
        size_t size = n - at < BLOCK ? n - at : BLOCK;
        unsigned char head[] = {at + size == n, size & 255, size >> 8 & 255, ~size & 255,
                                ~size >> 8 & 255};
        put(png, head, sizeof head);
        put(png, bytes + at, size);
    }
    put_u32(png, adler(bytes, n));
    end_chunk(png);
}

/* Rows of four bits for each pixel, each behind a byte 0: no filter. */
static unsigned char *pack(const unsigned char *ink, size_t width, size_t height, size_t stride,
                           struct failure *failure)
{
    unsigned char *packed = zeroed(height * stride, 1, failure);
    for (size_t y = 0; packed && y < height; y++)
        for (size_t x = 0; x < width; x++)
            packed[y * stride + 1 + x / 2] |=
                (unsigned char)(ink[y * width + x] << (x % 2 ? 0 : 4));
    return packed;
}

bool png_write(FILE *file, const unsigned char *ink, size_t width, size_t height,
               struct failure *failure)
{
    size_t stride = 1 + (width + 1) / 2;
    unsigned char black[3 * COLOURS] = {0}, opacity[COLOURS];
    unsigned char *packed = pack(ink, width, height, stride, failure);
    if (!packed) return false;
    for (unsigned i = 0; i < COLOURS; i++) opacity[i] = (unsigned char)(17 * i);
    struct png png = {.out = {.file = file}};
    fputs("data:image/png;base64,", file);
    put(&png, "\x89PNG\r\n\x1a\n", 8);
    begin_chunk(&png, 13, "IHDR");
    put_u32(&png, (uint32_t)width);
    put_u32(&png, (uint32_t)height);
    put(&png, "\x04\x03\x00\x00\x00", 5); /* four bits, from a palette */
    end_chunk(&png);
    put_chunk(&png, "PLTE", black, sizeof black);
    put_chunk(&png, "tRNS", opacity, sizeof opacity);
    put_pixels(&png, packed, height * stride);
    put_chunk(&png, "IEND", "", 0);
    base64_end(&png.out);
    free(packed);
    return true;
}

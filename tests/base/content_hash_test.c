/* SPDX-License-Identifier: MIT */
/* A resumed run trusts this hash: an input that changed and kept it would keep its old units. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/content_hash.h"

#include <errno.h>
#include <fcntl.h>

enum { LENGTH = 1000 };

static unsigned char bytes[LENGTH];

static uint64_t hash_of(const unsigned char *from, size_t n)
{
    struct content_hash hash;
    content_hash_begin(&hash);
    content_hash_add(&hash, from, n);
    return content_hash_value(&hash);
}

static void fill(void)
{
    uint32_t state = 1;
    for (size_t i = 0; i < LENGTH; i++) {
        state = state * 1664525u + 1013904223u;
        bytes[i] = (unsigned char)(state >> 24);
    }
}

static void the_division_into_pieces_does_not_matter(void)
{
    fill();
    for (size_t piece = 1; piece < 100; piece++) {
        struct content_hash hash;
        content_hash_begin(&hash);
        for (size_t at = 0; at < LENGTH; at += piece) {
            (void)content_hash_value(&hash);
            content_hash_add(&hash, bytes + at, LENGTH - at < piece ? LENGTH - at : piece);
        }
        CHECK(content_hash_value(&hash) == hash_of(bytes, LENGTH));
    }
}

static void every_bit_counts_wherever_it_is(void)
{
    fill();
    for (size_t n = 1; n < 100; n++) {
        uint64_t before = hash_of(bytes, n);
        for (size_t bit = 0; bit < 8 * n; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
            CHECK(hash_of(bytes, n) != before);
            bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        }
    }
}

static void zeros_at_the_end_and_swapped_parts_count(void)
{
    memset(bytes, 0, sizeof bytes);
    for (size_t n = 0; n < 100; n++)
        for (size_t longer = n + 1; longer < 110; longer++)
            CHECK(hash_of(bytes, n) != hash_of(bytes, longer));
    fill();
    uint64_t before = hash_of(bytes, LENGTH);
    for (size_t size = 1; size <= 64; size *= 2) {
        unsigned char swapped[LENGTH];
        memcpy(swapped, bytes, LENGTH);
        memcpy(swapped, bytes + 128, size);
        memcpy(swapped + 128, bytes, size);
        CHECK(hash_of(swapped, LENGTH) != before);
    }
}

static void a_file_has_the_hash_of_its_bytes(void)
{
    struct content_hash hash;
    fill();
    int fd = open(scratch_write("file", bytes, LENGTH), O_RDONLY);
    CHECK(fd >= 0);
    content_hash_begin(&hash);
    CHECK_EQ(content_hash_add_file(&hash, fd, 10, 500), 0);
    CHECK_EQ(content_hash_add_file(&hash, fd, 500, LENGTH), 0);
    CHECK(content_hash_value(&hash) == hash_of(bytes + 10, LENGTH - 10));
    CHECK_EQ(content_hash_add_file(&hash, fd, LENGTH - 1, LENGTH + 1), EIO);
    close(fd);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(the_division_into_pieces_does_not_matter);
    RUN(every_bit_counts_wherever_it_is);
    RUN(zeros_at_the_end_and_swapped_parts_count);
    RUN(a_file_has_the_hash_of_its_bytes);
    return check_done();
}

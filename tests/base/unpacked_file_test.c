/* SPDX-License-Identifier: MIT */
/* Lists and alignments are often kept gzip'ed. If this fails, they lose lines without a word, or
   a damaged one fills the memory. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/line_reader.h"

#include <zlib.h>

static struct failure failure;
static unsigned char packed[1 << 20];

/* Appends text as a gzip member; returns the size of all. */
static size_t pack(size_t n_before, const char *text, size_t n)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    stream.next_in = (unsigned char *)(uintptr_t)text;
    stream.avail_in = (uInt)n;
    stream.next_out = packed + n_before;
    stream.avail_out = (uInt)(sizeof packed - n_before);
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) abort();
    deflateEnd(&stream);
    return n_before + stream.total_out;
}

/* The lines joined by '|'; what was read before a failure too. */
static const char *lines_of(const char *path, bool *good)
{
    static char text[1024];
    struct line_reader *reader;
    char *line;
    size_t length;
    text[0] = '\0';
    *good = line_reader_open(&reader, path, &failure);
    if (!*good) return text;
    while ((*good = line_reader_next(reader, &line, &length, &failure)) && line)
        if (strlen(text) + length + 2 < sizeof text) strcat(strcat(text, line), "|");
    line_reader_close(reader);
    return text;
}

static void packed_is(size_t n, const char *expected)
{
    bool good;
    const char *text = lines_of(scratch_write("packed", packed, n), &good);
    if (!good) printf("# %s\n", failure.text);
    CHECK(good);
    CHECK_STR(text, expected);
}

static void a_gzip_file_is_read_whatever_its_name(void)
{
    packed_is(pack(0, "\xEF\xBB\xBFone \r\ntwo", 12), "one|two|");
    packed_is(pack(0, "", 0), "");
}

static void members_one_after_another_are_one_text(void)
{
    size_t n = pack(pack(pack(0, "one\ntw", 6), "", 0), "o\nthree\n", 8);
    packed_is(n, "one|two|three|");
    memset(packed + n, 0, 1000);
    packed_is(n + 1000, "one|two|three|"); /* padding, as on tapes */
}

static void a_cut_file_is_told_wherever_it_is_cut(void)
{
    static char text[9000];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)(i % 97 == 96 ? '\n' : 'a' + i % 23);
    size_t n = pack(0, text, sizeof text);
    for (size_t cut = 2; cut < n; cut++) {
        bool good;
        lines_of(scratch_write("cut", packed, cut), &good);
        CHECK(!good);
        CHECK_EQ(failure.code, EXIT_INPUT);
        CHECK(strstr(failure.text, "/cut:"));
        CHECK(strstr(failure.text, "the gzip data ends too early"));
    }
}

static void damage_is_told(void)
{
    bool good;
    size_t n = pack(0, "one\ntwo\n", 8);
    packed[n - 6] ^= 1; /* the checksum */
    lines_of(scratch_write("damaged", packed, n), &good);
    CHECK(!good && strstr(failure.text, "the gzip data is damaged here"));
    n = pack(0, "one\ntwo\n", 8);
    memcpy(packed + n, "garbage", 7);
    lines_of(scratch_write("behind", packed, n + 7), &good);
    CHECK(!good && strstr(failure.text, "the gzip data is damaged here"));
}

static void a_line_of_gigabytes_from_a_small_file_stops_before_it_fills_memory(void)
{
    enum { STEP = 1 << 20 };
    static char text[STEP];
    const char *path = scratch("bomb");
    gzFile file = gzopen(path, "wb9");
    memset(text, 'a', sizeof text);
    CHECK(file != NULL);
    for (int i = 0; i < 70; i++) CHECK(gzwrite(file, text, sizeof text) == STEP);
    CHECK(gzclose(file) == Z_OK);
    bool good;
    lines_of(path, &good);
    CHECK(!good && strstr(failure.text, ":1: a line of more than 64 MB"));
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(a_gzip_file_is_read_whatever_its_name);
    RUN(members_one_after_another_are_one_text);
    RUN(a_cut_file_is_told_wherever_it_is_cut);
    RUN(damage_is_told);
    RUN(a_line_of_gigabytes_from_a_small_file_stops_before_it_fills_memory);
    return check_done();
}

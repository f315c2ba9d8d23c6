/* SPDX-License-Identifier: MIT */
/* A file cut anywhere is refused with the place, and never read beyond its end. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tests/formats/notation.h"
#include "tools/formats/codebook_file.h"
#include "tools/formats/feature_reader.h"
#include "tools/formats/feature_writer.h"
#include "tools/formats/km_bin.h"

static struct failure failure;

static const char *units_file(const char *format, const char *name)
{
    struct unit_writer_options options = {
        .format = format_of(format), .path = scratch(name), .one_input = true};
    return write_notation(options, "a|3 3 17 17 42\n", &failure) ? options.path : "";
}

/* Every shorter version of a file is a failure that names a byte; the empty one, too, unless a file
   without utterances is legal. */
static bool refuses_every_cut(const char *path, const char *name, size_t first)
{
    size_t n;
    unsigned char whole[4096];
    memcpy(whole, file_bytes(path, &n), sizeof whole);
    for (size_t cut = first; cut < n; cut++) {
        const char *text = read_notation(scratch_write(name, whole, cut),
                                         (struct unit_reader_options){.facts = example_facts});
        bool is_failure = !strchr(text, '|') && strstr(text, name);
        if (is_failure) continue;
        printf("# cut at byte %zu of %zu: %s\n", cut, n, text);
        return false;
    }
    return n > 0;
}

static void a_cut_npy_is_refused(void)
{
    CHECK(refuses_every_cut(units_file("npy", "whole.npy"), "cut.npy", 0));
}

static void a_cut_archive_is_refused(void)
{
    CHECK(refuses_every_cut(units_file("ark", "whole.ark"), "cut.ark", 1));
}

static void a_cut_textgrid_is_refused(void)
{
    const char *path = units_file("textgrid", "whole.TextGrid");
    size_t n;
    unsigned char whole[4096];
    memcpy(whole, file_bytes(path, &n), sizeof whole);
    /* the last byte is the newline of a line that is complete without it */
    CHECK(refuses_every_cut(scratch_write("shorter.TextGrid", whole, n - 1), "cut.TextGrid", 0));
}

static const char *feature_file(const char *format, const char *name)
{
    static const float x[6] = {1, 2, 3, 4, 5, -0.5f};
    struct feature_writer_options options = {.path = scratch(name), .one_input = true, .dim = 2};
    struct feature_writer *writer;
    bool ok = feature_format_find(format, &options.format, &failure) &&
              feature_writer_open(&writer, &options, &failure) &&
              feature_writer_begin(writer, "a", &failure) &&
              feature_writer_frames(writer, x, 3, &failure) &&
              feature_writer_end(writer, &failure) && feature_writer_commit(writer, &failure);
    return ok ? options.path : "";
}

static bool reads_features(const char *path)
{
    struct feature_reader_options options = {0};
    struct feature_reader *reader;
    const struct feature_utterance *utterance;
    float x[64];
    size_t n = 1;
    if (!feature_reader_open(&reader, path, &options, &failure)) return false;
    bool ok = true;
    while (ok && (ok = feature_reader_next(reader, &utterance, &failure)) && utterance)
        for (n = 1; ok && n > 0;) ok = feature_reader_read(reader, x, 4, &n, &failure);
    feature_reader_close(reader);
    return ok;
}

static void cut_features_are_refused(void)
{
    static const char *const format[] = {"npy", "ark"};
    static const char *const name[] = {"f.npy", "f.ark"}, *const cut_name[] = {"g.npy", "g.ark"};
    for (size_t f = 0; f < 2; f++) {
        size_t n;
        unsigned char whole[4096];
        const char *path = feature_file(format[f], name[f]);
        memcpy(whole, file_bytes(path, &n), sizeof whole);
        CHECK(reads_features(path));
        for (size_t cut = f; cut < n; cut++) {
            CHECK(!reads_features(scratch_write(cut_name[f], whole, cut)));
            CHECK(strstr(failure.text, ": byte "));
        }
    }
}

/* Bytes in memory of exactly their size, so that a sanitizer sees one too far. */
static bool parses(const unsigned char *bytes, size_t n)
{
    struct codebook_file codebook;
    unsigned char *copy = malloc(n ? n : 1);
    if (!copy) abort();
    memcpy(copy, bytes, n);
    bool ok = km_bin_parse(&codebook, copy, n, "km.bin", &failure);
    bool same_size = !ok || (codebook.n_code == 5 && codebook.dim == 4);
    codebook_file_free(&codebook);
    free(copy);
    return ok && same_size;
}

static const char *const dumps[] = {"mini-f4.bin", "mini-f4-old.bin", "kmeans-f8.bin"};

static const unsigned char *dump(const char *name, size_t *n)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", getenv("FORMATS_DATA"), name);
    return file_bytes(path, n);
}

static void a_cut_km_bin_is_refused(void)
{
    for (size_t i = 0; i < 3; i++) {
        size_t n;
        const unsigned char *bytes = dump(dumps[i], &n);
        CHECK(n > 1000);
        CHECK(parses(bytes, n));
        for (size_t cut = 0; cut < n; cut++) {
            CHECK(!parses(bytes, cut));
            CHECK(strstr(failure.text, "km.bin: byte "));
        }
    }
}

/* Anything may come out of a flipped byte but a crash or another size. */
static void a_flipped_byte_of_a_km_bin_is_no_harm(void)
{
    for (size_t i = 0; i < 3; i++) {
        size_t n;
        unsigned char bytes[4096];
        memcpy(bytes, dump(dumps[i], &n), sizeof bytes);
        for (size_t at = 0; at < n; at++)
            for (unsigned mask = 1; mask < 256; mask = 16 * mask + 15) {
                struct codebook_file codebook;
                bytes[at] = (unsigned char)(bytes[at] ^ mask);
                if (km_bin_parse(&codebook, bytes, n, "km.bin", &failure)) {
                    CHECK_EQ(codebook.n_code, 5);
                    CHECK_EQ(codebook.dim, 4);
                    codebook_file_free(&codebook);
                }
                bytes[at] = (unsigned char)(bytes[at] ^ mask);
            }
    }
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(a_cut_npy_is_refused);
    RUN(a_cut_archive_is_refused);
    RUN(a_cut_textgrid_is_refused);
    RUN(cut_features_are_refused);
    RUN(a_cut_km_bin_is_refused);
    RUN(a_flipped_byte_of_a_km_bin_is_no_harm);
    return check_done();
}

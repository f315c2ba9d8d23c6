/* SPDX-License-Identifier: MIT */
/* If this fails, what stands in the sections of a model file is believed although it cannot be. */
#include "tests/model/damaged.h"

#include <math.h>

static void lies_in_the_heads_of_sections_are_found(void)
{
    static const struct {
        const char *type;
        size_t n_word;
    } head[] = {{"FRNT", 21}, {"NORM", 6}, {"XFRM", 6}, {"CDBK", 4}, {"ENCD", 32}, {"LABL", 2}};
    static const uint32_t lies[] = {0, 2, 3, 5, 17, 255, 65536, 0x7fffffff, 0x80000000, UINT32_MAX};
    voq_error error;
    for (size_t h = 0; h < 6; h++)
        for (size_t w = 0; w < head[h].n_word; w++)
            for (size_t k = 0; k < sizeof lies / sizeof *lies; k++) {
                struct raw_file raw = raw_read(file);
                struct raw_section *s = raw_find(&raw, head[h].type);
                raw_put(s->bytes + 4 * w, lies[k], 4);
                voq_status status = status_of_raw(&raw, &error);
                CHECK(status == VOQ_OK || is_damage(status));
                bool huge = lies[k] >= 65536 && !(h == 1 && (w == 2 || w == 3 || w == 4)) &&
                            !(h == 0 && w == 1);
                if (huge && status == VOQ_OK) printf("# %s word %zu\n", head[h].type, w);
                CHECK(!huge || status != VOQ_OK);
                raw_free(&raw);
            }
}

static void sizes_that_overflow_are_found(void)
{
    voq_error error;
    struct raw_file raw = raw_read(file);
    unsigned char *codebook = raw_find(&raw, "CDBK")->bytes;
    uint32_t dim = (uint32_t)raw_get(codebook + 8, 4);
    raw_put(codebook, 32, 4);
    raw_put(codebook + 4, 4194304, 4);
    CHECK_EQ(status_of_raw(&raw, &error), VOQ_ERROR_CORRUPT);
    raw_put(codebook + 4, 0x40000000 / dim, 4);
    CHECK(is_damage(status_of_raw(&raw, &error)));
    raw_free(&raw);
}

static void no_float_may_be_nan_or_infinite(void)
{
    static const struct {
        const char *type;
        size_t first;
        size_t n;
    } floats[] = {{"FRNT", 84, 9}, {"NORM", 24, 99}, {"XFRM", 24, 99}, {"CDBK", 16, 99},
                  {"LABL", 8, 3}};
    static const uint32_t bad[] = {0x7fc00000, 0xffc00001, 0x7f800001, 0x7f800000, 0xff800000};
    voq_error error;
    for (size_t k = 0; k < 5; k++)
        for (size_t b = 0; b < 5; b++) {
            struct raw_file raw = raw_read(file);
            struct raw_section *s = raw_find(&raw, floats[k].type);
            for (size_t at = floats[k].first; at < s->n && at < floats[k].first + 4 * floats[k].n;
                 at += 4) {
                uint32_t before = (uint32_t)raw_get(s->bytes + at, 4);
                raw_put(s->bytes + at, bad[b], 4);
                voq_status status = status_of_raw(&raw, &error);
                if (k > 0) CHECK_EQ(status, VOQ_ERROR_VALUE);
                CHECK(status == VOQ_ERROR_VALUE || status == VOQ_ERROR_CORRUPT);
                raw_put(s->bytes + at, before, 4);
            }
            raw_put(raw_find(&raw, "NORM")->bytes + 16, bad[b], 4);
            CHECK(is_damage(status_of_raw(&raw, &error)));
            raw_free(&raw);
        }
}

static void a_bad_float_is_named_by_its_byte(void)
{
    voq_error error;
    struct raw_file raw = raw_read(file);
    size_t n;
    struct raw_section *s = raw_find(&raw, "CDBK");
    raw_put(s->bytes + 16 + 4 * 5, 0x7fc00000, 4);
    unsigned char *bytes = raw_write(&raw, &n);
    CHECK_EQ(status_of(bytes, n, &error), VOQ_ERROR_VALUE);
    CHECK_EQ(raw_get(bytes + error.offset, 4), 0x7fc00000);
    free(bytes);
    raw_free(&raw);
}

static void text_is_utf8_without_control_bytes(void)
{
    static const struct {
        const char *text;
        bool good;
    } names[] = {{"voq", true},
                 {"\xc3\xa9t\xc3\xa9", true},
                 {"\xe6\x97\xa5", true},
                 {"\xf0\x9f\x8e\xa4", true},
                 {"", true},
                 {"a\nb", false},
                 {"\x1b[31m", false},
                 {"\x80", false},
                 {"\xc0\xaf", false},
                 {"\xc3", false},
                 {"\xed\xa0\x80", false},
                 {"\xf4\x90\x80\x80", false},
                 {"\xff", false},
                 {"a\x7f", false},
                 {"\xe0\x80\x80", false}};
    voq_error error;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct raw_file raw = raw_read(file);
        struct raw_section *s = raw_find(&raw, "NAME");
        free(s->bytes);
        s->n = strlen(names[i].text);
        s->bytes = malloc(s->n + 1);
        memcpy(s->bytes, names[i].text, s->n + 1);
        voq_status status = status_of_raw(&raw, &error);
        if ((status == VOQ_OK) != names[i].good) printf("# name %zu: status %d\n", i, (int)status);
        CHECK_EQ(status, names[i].good ? VOQ_OK : VOQ_ERROR_CORRUPT);
        raw_free(&raw);
    }
    struct raw_file raw = raw_read(file); /* a zero byte would cut the name in C */
    raw_find(&raw, "NAME")->bytes[1] = 0;
    CHECK_EQ(status_of_raw(&raw, &error), VOQ_ERROR_CORRUPT);
    raw_free(&raw);
}

/* However a file was changed: what it asks for stays near its own size. */
static void memory_is_bounded_by_the_file(void)
{
    uint64_t seed = 1;
    size_t n_loaded = 0;
    for (int round = 0; round < 20000; round++) {
        struct raw_file raw = raw_read(file);
        for (size_t change = random_below(&seed, 3) + 1; change > 0; change--) {
            struct raw_section *s = &raw.section[random_below(&seed, raw.n_section)];
            size_t at = random_below(&seed, s->n < 120 ? s->n : 120) / 4 * 4;
            if (at + 4 > s->n) continue;
            uint32_t value = random_below(&seed, 2) ? (uint32_t)random_below(&seed, 20000)
                                                    : (uint32_t)random_u64(&seed);
            raw_put(s->bytes + at, value, 4);
        }
        size_t n, size = 0;
        unsigned char *bytes = raw_write(&raw, &n);
        if (voq_model_size(bytes, n, NULL, &size, NULL) == VOQ_OK) {
            n_loaded++;
            if (size > 3 * n + 400000) printf("# %zu bytes of file, %zu of memory\n", n, size);
            CHECK(size <= 3 * n + 400000);
        }
        free(bytes);
        raw_free(&raw);
    }
    printf("# %zu of 20000 could be loaded\n", n_loaded);
    CHECK(n_loaded > 100);
}

/* Labels are written to terminals. */
static void labels_have_no_control_characters(void)
{
    static const struct {
        unsigned char character[2];
        bool good;
    } second[] = {{{0xc2, 0x9b}, false}, {{0xc2, 0x80}, false}, {{0x1b, '['}, false},
                  {{'a', 0x7f}, false},  {{0xc2, 0xa0}, true},  {{0xc3, 0x9b}, true}};
    voq_error error;
    for (size_t i = 0; i < sizeof second / sizeof *second; i++) {
        struct raw_file raw = raw_read(file);
        struct raw_section *s = raw_find(&raw, "LABL");
        CHECK(memcmp(s->bytes + s->n - 3, "\xc3\xb8", 3) == 0);
        memcpy(s->bytes + s->n - 3, second[i].character, 2);
        CHECK_EQ(status_of_raw(&raw, &error), second[i].good ? VOQ_OK : VOQ_ERROR_CORRUPT);
        raw_free(&raw);
    }
}

int main(void)
{
    make_file();
    RUN(lies_in_the_heads_of_sections_are_found);
    RUN(sizes_that_overflow_are_found);
    RUN(no_float_may_be_nan_or_infinite);
    RUN(a_bad_float_is_named_by_its_byte);
    RUN(text_is_utf8_without_control_bytes);
    RUN(labels_have_no_control_characters);
    RUN(memory_is_bounded_by_the_file);
    free(file);
    return check_done();
}

/* SPDX-License-Identifier: MIT */
/* If this fails, a damaged or malicious model file is believed, or refused without a reason. */
#include "tests/check.h"
#include "tests/guard.h"
#include "tests/model/raw_file.h"
#include "tests/stream/recipes.h"

#include <ctype.h>
#include <math.h>

static unsigned char *file;
static size_t n_file;

static void make_file(void)
{
    struct recipe r = with_everything();
    r.frontend.n_cepstrum = 3;
    r.n_code = 3;
    r.n_codebook = 2;
    r.out_dim = 4;
    r.stack_left = r.stack_right = 1;
    voq_model *model = model_of(&r);
    const void *bytes;
    voq_model_bytes(model, &bytes, &n_file);
    file = malloc(n_file);
    memcpy(file, bytes, n_file);
    voq_model_close(model);
}

/* Reads bytes that lie against a guard page; an error must be a good sentence about a byte. */
static voq_status status_of(const unsigned char *bytes, size_t n, voq_error *error)
{
    struct guarded g = guard_new(n);
    unsigned char *place = guard_place(&g, n, 1, 1);
    voq_model *model = NULL;
    memcpy(place, bytes, n);
    *error = (voq_error){.struct_size = sizeof *error};
    voq_status status = voq_model_read(place, n, NULL, &model, error);
    guard_free(&g);
    if (status == VOQ_OK) {
        voq_model_close(model);
        return status;
    }
    bool told = error->status == status && !isupper((unsigned char)error->text[0]) &&
                strlen(error->text) > 10 && !strchr(error->text, '\n') &&
                strstr(error->text, "; ") && error->offset <= n && model == NULL;
    if (!told)
        printf("# status %d (%d), offset %llu: \"%s\"\n", (int)status, (int)error->status,
               (unsigned long long)error->offset, error->text);
    return told ? status : (voq_status)-1;
}

static voq_status status_of_raw(const struct raw_file *raw, voq_error *error)
{
    size_t n;
    unsigned char *bytes = raw_write(raw, &n);
    voq_status status = status_of(bytes, n, error);
    free(bytes);
    return status;
}

static bool is_damage(voq_status status)
{
    return status == VOQ_ERROR_CORRUPT || status == VOQ_ERROR_NOT_VOQ ||
           status == VOQ_ERROR_VERSION || status == VOQ_ERROR_LIMIT || status == VOQ_ERROR_VALUE;
}

static void the_writer_follows_the_page(void)
{
    struct raw_file raw = raw_read(file);
    size_t n;
    unsigned char *bytes = raw_write(&raw, &n);
    CHECK_EQ(n, n_file);
    CHECK(memcmp(bytes, file, n) == 0);
    static const char *order[] = {"FRNT", "NORM", "XFRM", "CDBK", "NAME", "PROV"};
    CHECK_EQ(raw.n_section, 6);
    for (uint32_t i = 0; i < 6; i++) {
        CHECK(memcmp(raw.section[i].type, order[i], 4) == 0);
        CHECK_EQ(raw.section[i].flags, i < 4);
    }
    free(bytes);
    raw_free(&raw);
}

static void every_flipped_bit_is_found(void)
{
    voq_error error;
    for (size_t i = 0; i < n_file; i++)
        for (int bit = 0; bit < 8; bit++) {
            file[i] ^= (unsigned char)(1 << bit);
            voq_status status = status_of(file, n_file, &error);
            file[i] ^= (unsigned char)(1 << bit);
            if (!is_damage(status)) printf("# byte %zu, bit %d: status %d\n", i, bit, (int)status);
            CHECK(is_damage(status));
        }
    CHECK_EQ(status_of(file, n_file, &error), VOQ_OK);
}

static void every_truncation_is_found(void)
{
    voq_error error;
    unsigned char *cut = malloc(n_file);
    for (size_t n = 0; n < n_file; n++) {
        CHECK_EQ(status_of(file, n, &error), n < 8 ? VOQ_ERROR_NOT_VOQ : VOQ_ERROR_CORRUPT);
        if (n < RAW_HEADER) continue;
        memcpy(cut, file, n); /* and where the size was changed to fit */
        raw_put(cut + 16, n, 8);
        uint32_t n_section = (uint32_t)raw_get(cut + 12, 4);
        if (n >= RAW_HEADER + n_section * RAW_ENTRY) raw_seal(cut, n_section);
        CHECK_EQ(status_of(cut, n, &error), VOQ_ERROR_CORRUPT);
    }
    free(cut);
}

static void bytes_behind_the_end_are_found(void)
{
    voq_error error;
    unsigned char *longer = calloc(1, n_file + 64);
    for (size_t extra = 1; extra <= 64; extra++) {
        memcpy(longer, file, n_file);
        CHECK_EQ(status_of(longer, n_file + extra, &error), VOQ_ERROR_CORRUPT);
        raw_put(longer + 16, n_file + extra, 8);
        raw_seal(longer, (uint32_t)raw_get(longer + 12, 4));
        CHECK_EQ(status_of(longer, n_file + extra, &error), VOQ_ERROR_CORRUPT);
    }
    free(longer);
}

/* Every field of the table set to a lie, with the table's checksum right. */
static void lies_in_the_section_table_are_found(void)
{
    static const uint64_t lies[] = {0,
                                    1,
                                    7,
                                    8,
                                    31,
                                    1000,
                                    UINT32_MAX,
                                    UINT64_MAX,
                                    UINT64_MAX - 7,
                                    (uint64_t)1 << 63,
                                    (uint64_t)1 << 40};
    uint32_t n_section = (uint32_t)raw_get(file + 12, 4);
    unsigned char *b = malloc(n_file);
    voq_error error;
    for (uint32_t i = 0; i < n_section; i++)
        for (size_t k = 0; k < sizeof lies / sizeof *lies; k++)
            for (size_t at = 8; at <= 16; at += 8) {
                memcpy(b, file, n_file);
                unsigned char *field = b + RAW_HEADER + i * RAW_ENTRY + at;
                if (raw_get(field, 8) == lies[k]) continue;
                raw_put(field, lies[k], 8);
                raw_seal(b, n_section);
                CHECK_EQ(status_of(b, n_file, &error), VOQ_ERROR_CORRUPT);
            }
    for (uint32_t count = 0; count <= 300; count++) {
        if (count == n_section) continue;
        memcpy(b, file, n_file);
        raw_put(b + 12, count, 4);
        if (RAW_HEADER + count * RAW_ENTRY <= n_file) raw_seal(b, count);
        CHECK(is_damage(status_of(b, n_file, &error)));
    }
    raw_put(b + 12, UINT32_MAX, 4);
    CHECK(is_damage(status_of(b, n_file, &error)));
    free(b);
}

static void a_newer_format_is_told_from_damage(void)
{
    voq_error error;
    unsigned char *b = malloc(n_file);
    memcpy(b, file, n_file);
    raw_put(b + 8, 2, 4);
    raw_seal(b, (uint32_t)raw_get(b + 12, 4));
    CHECK_EQ(status_of(b, n_file, &error), VOQ_ERROR_VERSION);
    CHECK_EQ(error.offset, 8);
    free(b);
}

static void sections_come_once_and_in_order(void)
{
    voq_error error;
    struct raw_file raw = raw_read(file);
    for (uint32_t i = 0; i < raw.n_section; i++)
        for (uint32_t k = i + 1; k < raw.n_section; k++) {
            struct raw_file swapped = raw;
            swapped.section[i] = raw.section[k];
            swapped.section[k] = raw.section[i];
            CHECK_EQ(status_of_raw(&swapped, &error), VOQ_ERROR_CORRUPT);
        }
    for (uint32_t i = 0; i < raw.n_section; i++) {
        struct raw_file twice = raw;
        memmove(&twice.section[i + 1], &raw.section[i],
                (raw.n_section - i) * sizeof raw.section[0]);
        twice.n_section++;
        CHECK_EQ(status_of_raw(&twice, &error), VOQ_ERROR_CORRUPT);
    }
    raw_free(&raw);
}

static void an_unknown_section_is_kept_unless_it_is_required(void)
{
    voq_error error;
    struct raw_file raw = raw_read(file);
    for (uint32_t at = 0; at <= raw.n_section; at++) {
        struct raw_file more = raw;
        memmove(&more.section[at + 1], &raw.section[at],
                (raw.n_section - at) * sizeof raw.section[0]);
        more.section[at] = (struct raw_section){"XTRA", 0, (unsigned char *)"something new", 13};
        more.n_section++;
        size_t n, n_kept;
        unsigned char *bytes = raw_write(&more, &n);
        const void *kept;
        voq_model *model, *plain;
        CHECK_EQ(voq_model_read(bytes, n, NULL, &model, NULL), VOQ_OK);
        CHECK_EQ(voq_model_read(file, n_file, NULL, &plain, NULL), VOQ_OK);
        voq_model_bytes(model, &kept, &n_kept);
        CHECK_EQ(n_kept, n);
        CHECK(memcmp(kept, bytes, n) == 0);
        CHECK_STR(info_of(model).hash, info_of(plain).hash);
        voq_model_close(model);
        voq_model_close(plain);
        free(bytes);
        more.section[at].flags = 1;
        CHECK_EQ(status_of_raw(&more, &error), VOQ_ERROR_VERSION);
        CHECK_EQ(error.offset, RAW_HEADER + at * RAW_ENTRY);
        more.section[at].flags = 2;
        CHECK_EQ(status_of_raw(&more, &error), VOQ_ERROR_VERSION);
        memcpy(more.section[at].type, "ENCD", 4);
        more.section[at].flags = 1;
        CHECK_EQ(status_of_raw(&more, &error), VOQ_ERROR_VERSION);
    }
    raw_free(&raw);
}

/* Each u32 of each head set to a lie, checksums right: refused, or a model that says the same. */
static void lies_in_the_heads_of_sections_are_found(void)
{
    static const struct {
        const char *type;
        size_t n_word;
    } head[] = {{"FRNT", 21}, {"NORM", 6}, {"XFRM", 6}, {"CDBK", 4}};
    static const uint32_t lies[] = {0, 2, 3, 5, 17, 255, 65536, 0x7fffffff, 0x80000000, UINT32_MAX};
    voq_error error;
    for (size_t h = 0; h < 4; h++)
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
    } floats[] = {{"FRNT", 84}, {"NORM", 24}, {"XFRM", 24}, {"CDBK", 16}};
    static const uint32_t bad[] = {0x7fc00000, 0xffc00001, 0x7f800001, 0x7f800000, 0xff800000};
    voq_error error;
    for (size_t k = 0; k < 4; k++)
        for (size_t b = 0; b < 5; b++) {
            struct raw_file raw = raw_read(file);
            struct raw_section *s = raw_find(&raw, floats[k].type);
            for (size_t at = floats[k].first; at < s->n; at += 4) {
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

static void an_error_nobody_asks_for_is_fine(void)
{
    voq_model *model = NULL;
    CHECK_EQ(voq_model_read(file, n_file - 1, NULL, &model, NULL), VOQ_ERROR_CORRUPT);
    CHECK_EQ(voq_model_read(NULL, 0, NULL, &model, NULL), VOQ_ERROR_NOT_VOQ);
    CHECK_EQ(voq_model_read(NULL, 5, NULL, &model, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_read(file, n_file, NULL, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK(model == NULL);
}

int main(void)
{
    make_file();
    RUN(the_writer_follows_the_page);
    RUN(every_flipped_bit_is_found);
    RUN(every_truncation_is_found);
    RUN(bytes_behind_the_end_are_found);
    RUN(lies_in_the_section_table_are_found);
    RUN(a_newer_format_is_told_from_damage);
    RUN(sections_come_once_and_in_order);
    RUN(an_unknown_section_is_kept_unless_it_is_required);
    RUN(lies_in_the_heads_of_sections_are_found);
    RUN(sizes_that_overflow_are_found);
    RUN(no_float_may_be_nan_or_infinite);
    RUN(a_bad_float_is_named_by_its_byte);
    RUN(text_is_utf8_without_control_bytes);
    RUN(memory_is_bounded_by_the_file);
    RUN(an_error_nobody_asks_for_is_fine);
    free(file);
    return check_done();
}

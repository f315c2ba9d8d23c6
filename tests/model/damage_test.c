/* SPDX-License-Identifier: MIT */
/* If this fails, a damaged or malicious model file is believed, or refused without a reason. */
#include "tests/model/damaged.h"

static void the_writer_follows_the_page(void)
{
    struct raw_file raw = raw_read(file);
    size_t n;
    unsigned char *bytes = raw_write(&raw, &n);
    CHECK_EQ(n, n_file);
    CHECK(memcmp(bytes, file, n) == 0);
    static const char *order[] = {"FRNT", "NORM", "XFRM", "ENCD", "CDBK", "NAME", "PROV", "LABL"};
    CHECK_EQ(raw.n_section, 8);
    for (uint32_t i = 0; i < 8; i++) {
        CHECK(memcmp(raw.section[i].type, order[i], 4) == 0);
        CHECK_EQ(raw.section[i].flags, i < 5);
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
    }
    raw_free(&raw);
}

/* Each u32 of each head set to a lie, checksums right: refused, or a model that says the same. */
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
    RUN(an_error_nobody_asks_for_is_fine);
    free(file);
    return check_done();
}

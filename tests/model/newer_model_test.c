/* SPDX-License-Identifier: MIT */
/* If this fails, somebody who has a model of a newer voq is told that the file is damaged and
   fetches it again and again, or a damaged one passes for a newer one. */
#include "tests/model/damaged.h"

static const char advice[] = "; it was made by a newer voq; get a newer one";

/* What reading says after one u32 of a section was set, with checksums that hold. */
static voq_status status_with(const char *section, size_t word, uint32_t value, voq_error *error)
{
    struct raw_file raw = raw_read(file);
    raw_put(raw_find(&raw, section)->bytes + 4 * word, value, 4);
    voq_status status = status_of_raw(&raw, error);
    raw_free(&raw);
    return status;
}

/* The same after a section was made longer, or shorter, at its end. */
static voq_status status_resized(const char *section, int change, unsigned char filled,
                                 voq_error *error)
{
    struct raw_file raw = raw_read(file);
    struct raw_section *s = raw_find(&raw, section);
    uint64_t n = s->n + (uint64_t)(int64_t)change;
    s->bytes = realloc(s->bytes, n + 1);
    if (change > 0) memset(s->bytes + s->n, filled, (size_t)change);
    s->n = n;
    voq_status status = status_of_raw(&raw, error);
    raw_free(&raw);
    return status;
}

/* Every number that names a choice: where it is, the last that this voq knows. */
static const struct {
    const char *section;
    size_t word;
    uint32_t last;
} choices[] = {{"FRNT", 0, VOQ_FEATURE_LOG_MEL},
               {"FRNT", 5, VOQ_WINDOW_HANN_NONZERO},
               {"FRNT", 6, VOQ_GRID_EDGE},
               {"FRNT", 7, 1},
               {"FRNT", 8, 2},
               {"FRNT", 10, VOQ_MEL_SLANEY},
               {"FRNT", 11, VOQ_MEL_IN_HZ},
               {"FRNT", 12, VOQ_MEL_AREA},
               {"FRNT", 13, VOQ_LOG_OFFSET},
               {"FRNT", 15, VOQ_DCT_HTK},
               {"FRNT", 16, VOQ_ENERGY_WINDOWED},
               {"FRNT", 17, 1},
               {"FRNT", 18, 1},
               {"NORM", 0, VOQ_NORMALISE_RUNNING_SCALED},
               {"NORM", 5, 1},
               {"XFRM", 4, 1},
               {"XFRM", 5, 1},
               {"ENCD", 1, 0},
               {"ENCD", 2 + 0, VOQ_LAYER_LATENT},
               {"ENCD", 2 + 8, 0},
               {"ENCD", 2 + 9, 0},
               {"ENCD", 12 + 9, 0},
               {"ENCD", 12 + 3, 1},
               {"ENCD", 12 + 4, 1},
               {"ENCD", 12 + 5, 0},
               {"ENCD", 12 + 6, 1},
               {"CDBK", 3, 0},
               {"LABL", 1, 0}};
enum { N_CHOICE = sizeof choices / sizeof *choices };

static void a_choice_that_is_not_known_yet_is_a_newer_model(void)
{
    static const uint32_t beyond[] = {1, 2, 9, 1000, 0x7fffffff};
    voq_error error;
    for (size_t i = 0; i < N_CHOICE; i++)
        for (size_t k = 0; k < sizeof beyond / sizeof *beyond; k++) {
            voq_status status = status_with(choices[i].section, choices[i].word,
                                            choices[i].last + beyond[k], &error);
            if (status != VOQ_ERROR_VERSION)
                printf("# %s word %zu: %s\n", choices[i].section, choices[i].word, error.text);
            CHECK_EQ(status, VOQ_ERROR_VERSION);
            CHECK(strstr(error.text, choices[i].section) && strstr(error.text, advice));
        }
}

/* Every number that has an upper bound: where it is, the largest that this voq reads. */
static const struct {
    const char *section;
    size_t word;
    uint32_t largest;
} bounds[] = {{"FRNT", 1, 1000000}, {"FRNT", 2, 16384}, {"FRNT", 3, 16384},  {"FRNT", 4, 16384},
              {"FRNT", 9, 256},     {"FRNT", 19, 3},    {"FRNT", 20, 16},
              {"NORM", 1, 2048},    {"XFRM", 0, 32},    {"XFRM", 1, 32},     {"XFRM", 2, 2048},
              {"XFRM", 3, 2048},    {"ENCD", 0, 16},    {"ENCD", 3, 1024},   {"ENCD", 4, 1024},
              {"ENCD", 5, 64},      {"ENCD", 6, 256},   {"ENCD", 8, 16},     {"CDBK", 0, 32},
              {"CDBK", 1, 4194304}, {"CDBK", 2, 2048}};

static void a_number_beyond_this_version_is_a_newer_model(void)
{
    static const uint32_t beyond[] = {1, 2, 256, 0x70000000};
    voq_error error;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        for (size_t k = 0; k < sizeof beyond / sizeof *beyond; k++) {
            voq_status status = status_with(bounds[i].section, bounds[i].word,
                                            bounds[i].largest + beyond[k], &error);
            if (status != VOQ_ERROR_VERSION)
                printf("# %s word %zu: %s\n", bounds[i].section, bounds[i].word, error.text);
            CHECK_EQ(status, VOQ_ERROR_VERSION);
            CHECK(strstr(error.text, bounds[i].section) && strstr(error.text, advice));
        }
}

static void more_sections_than_this_version_reads_are_a_newer_model(void)
{
    enum { N_MORE = 65 };
    voq_error error;
    size_t n_table = RAW_HEADER + N_MORE * RAW_ENTRY;
    unsigned char *b = calloc(1, n_table);
    memcpy(b, file, RAW_HEADER);
    for (size_t i = 0; i < N_MORE; i++) {
        memcpy(b + RAW_HEADER + i * RAW_ENTRY, "LATR", 4);
        raw_put(b + RAW_HEADER + i * RAW_ENTRY + 8, n_table, 8);
    }
    raw_put(b + 12, N_MORE, 4);
    raw_put(b + 16, n_table, 8);
    raw_seal(b, N_MORE);
    CHECK_EQ(status_of(b, n_table, &error), VOQ_ERROR_VERSION);
    CHECK(strstr(error.text, advice));
    b[n_table - 1] ^= 1;
    CHECK_EQ(status_of(b, n_table, &error), VOQ_ERROR_CORRUPT);
    raw_put(b + 12, 0xffffffff, 4);
    CHECK_EQ(status_of(b, n_table, &error), VOQ_ERROR_CORRUPT);
    free(b);
}

static void a_longer_section_is_a_newer_model(void)
{
    static const char *sections[] = {"FRNT", "NORM", "XFRM", "ENCD", "CDBK", "LABL"};
    static const int more[] = {1, 4, 8, 60, 4096};
    voq_error error;
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < sizeof more / sizeof *more; k++)
            for (int filled = 0; filled < 2; filled++) {
                CHECK_EQ(status_resized(sections[i], more[k], filled ? 0xff : 0, &error),
                         VOQ_ERROR_VERSION);
                CHECK(strstr(error.text, sections[i]) && strstr(error.text, advice));
            }
}

static void a_section_shorter_than_its_first_version_is_damaged(void)
{
    static const char *sections[] = {"FRNT", "NORM", "XFRM", "ENCD", "CDBK", "LABL"};
    static const int less[] = {-1, -4, -12};
    voq_error error;
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < 3; k++) {
            CHECK_EQ(status_resized(sections[i], less[k], 0, &error), VOQ_ERROR_CORRUPT);
            CHECK(strstr(error.text, "; get the model again"));
        }
}

/* Sizes of which there can be none in any version. */
static void a_value_that_no_version_could_have_is_damage(void)
{
    static const struct {
        const char *section;
        size_t word;
    } never_zero[] = {{"FRNT", 1}, {"FRNT", 2},  {"FRNT", 3}, {"FRNT", 4}, {"FRNT", 8},
                      {"FRNT", 9}, {"FRNT", 20}, {"NORM", 0}, {"NORM", 1}, {"NORM", 3},
                      {"XFRM", 2}, {"XFRM", 3},  {"ENCD", 0}, {"ENCD", 2}, {"ENCD", 3},
                      {"ENCD", 4}, {"ENCD", 5},  {"ENCD", 6}, {"ENCD", 8}, {"ENCD", 12 + 3},
                      {"CDBK", 0}, {"CDBK", 1},  {"CDBK", 2}, {"LABL", 0}};
    voq_error error;
    for (size_t i = 0; i < sizeof never_zero / sizeof *never_zero; i++) {
        voq_status status = status_with(never_zero[i].section, never_zero[i].word, 0, &error);
        if (status != VOQ_ERROR_CORRUPT)
            printf("# %s word %zu\n", never_zero[i].section, never_zero[i].word);
        CHECK_EQ(status, VOQ_ERROR_CORRUPT);
    }
    unsigned char *b = malloc(n_file);
    memcpy(b, file, n_file);
    raw_put(b + 8, 0, 4);
    raw_seal(b, (uint32_t)raw_get(b + 12, 4));
    CHECK_EQ(status_of(b, n_file, &error), VOQ_ERROR_CORRUPT);
    free(b);
}

/* A new choice may allow what this voq takes for impossible. */
static void a_newer_choice_counts_before_a_value_that_seems_impossible(void)
{
    struct raw_file raw = raw_read(file);
    unsigned char *frontend = raw_find(&raw, "FRNT")->bytes;
    voq_error error;
    raw_put(frontend + 4 * 9, 0, 4);
    CHECK_EQ(status_of_raw(&raw, &error), VOQ_ERROR_CORRUPT);
    raw_put(frontend + 4 * 5, VOQ_WINDOW_HANN_NONZERO + 1, 4);
    CHECK_EQ(status_of_raw(&raw, &error), VOQ_ERROR_VERSION);
    raw_free(&raw);
}

static void a_changed_byte_is_damage_whatever_it_says(void)
{
    voq_error error;
    unsigned char *b = malloc(n_file);
    memcpy(b, file, n_file);
    size_t frontend = (size_t)raw_get(b + RAW_HEADER + 8, 8);
    raw_put(b + frontend + 4 * 5, VOQ_WINDOW_HANN_NONZERO + 1, 4);
    CHECK_EQ(status_of(b, n_file, &error), VOQ_ERROR_CORRUPT);
    free(b);
}

static void parts_with_an_unknown_choice_are_an_argument(void)
{
    struct recipe r = with_everything();
    struct ingredients in;
    voq_model *model = NULL;
    voq_error error = {.struct_size = sizeof error};
    ingredients_fill(&in, &r);
    in.frontend.window = VOQ_WINDOW_HANN_NONZERO + 1;
    CHECK_EQ(voq_model_make(&in.parts, NULL, &model, &error), VOQ_ERROR_ARGUMENT);
    CHECK_STR(error.text, "section FRNT: window is unknown");
    CHECK_EQ(error.status, VOQ_ERROR_ARGUMENT);
    ingredients_free(&in);
}

int main(void)
{
    make_file();
    RUN(a_choice_that_is_not_known_yet_is_a_newer_model);
    RUN(a_number_beyond_this_version_is_a_newer_model);
    RUN(more_sections_than_this_version_reads_are_a_newer_model);
    RUN(a_longer_section_is_a_newer_model);
    RUN(a_section_shorter_than_its_first_version_is_damaged);
    RUN(a_value_that_no_version_could_have_is_damage);
    RUN(a_newer_choice_counts_before_a_value_that_seems_impossible);
    RUN(a_changed_byte_is_damage_whatever_it_says);
    RUN(parts_with_an_unknown_choice_are_an_argument);
    free(file);
    return check_done();
}

/* SPDX-License-Identifier: MIT */
/* If this fails, what a tool keeps in a model is lost, changes units, or comes back as something
   else. */
#include "tests/model/raw_file.h"
#include "tests/stream/recipes.h"
#include "tests/support/check.h"

static const char notes[] = "13 bytes here";
static const voq_section some[] = {{"DECD", notes, 13}, {"more", NULL, 0}, {"DECD", notes, 5}};

/* A model of the sections; what is refused leaves NULL, its status and a sentence. */
static voq_model *model_with(const voq_section *section, size_t n, voq_error *error)
{
    struct recipe r = small_recipe();
    struct ingredients in;
    voq_model *model = NULL;
    ingredients_fill(&in, &r);
    in.parts.section = section;
    in.parts.n_section = n;
    *error = (voq_error){.struct_size = sizeof *error};
    if (voq_model_make(&in.parts, NULL, &model, error) != VOQ_OK) model = NULL;
    ingredients_free(&in);
    return model;
}

static void a_section_comes_back_as_it_was_given(void)
{
    voq_error error;
    voq_model *model = model_with(some, 3, &error);
    size_t n = 99;
    const void *bytes = voq_model_section(model, "DECD", &n);
    CHECK_EQ(n, 13);
    CHECK(memcmp(bytes, notes, n) == 0);
    CHECK_EQ((uintptr_t)bytes % 8, 0);
    CHECK(voq_model_section(model, "more", &n) != NULL);
    CHECK_EQ(n, 0);
    CHECK(voq_model_section(model, "more", NULL) != NULL);
    voq_model_close(model);
}

static void what_is_not_there_is_not_found(void)
{
    static const char *const not_kept[] = {"NONE", "CDBK", "DEC", "DECDE", ""};
    voq_error error;
    voq_model *model = model_with(some, 3, &error);
    size_t n = 99;
    for (size_t i = 0; i < sizeof not_kept / sizeof *not_kept; i++)
        CHECK(voq_model_section(model, not_kept[i], &n) == NULL);
    CHECK(voq_model_section(NULL, "DECD", &n) == NULL);
    CHECK(voq_model_section(model, NULL, &n) == NULL);
    CHECK_EQ(n, 99);
    voq_model_close(model);
}

static void a_model_of_the_parts_of_another_keeps_its_sections(void)
{
    voq_error error;
    voq_parts parts = {.struct_size = sizeof parts};
    voq_model *model = model_with(some, 3, &error), *again;
    const void *a, *b;
    size_t n, m;
    CHECK_EQ(voq_model_parts(model, &parts), VOQ_OK);
    CHECK_EQ(parts.n_section, 3);
    for (size_t i = 0; i < 3; i++) {
        CHECK_STR(parts.section[i].type, some[i].type);
        CHECK_EQ(parts.section[i].n_byte, some[i].n_byte);
    }
    CHECK_EQ(voq_model_make(&parts, NULL, &again, &error), VOQ_OK);
    voq_model_bytes(model, &a, &n);
    voq_model_bytes(again, &b, &m);
    CHECK(n == m && memcmp(a, b, n) == 0);
    voq_model_close(again);
    voq_model_close(model);
}

static void sections_are_no_part_of_the_hash(void)
{
    voq_error error;
    voq_model *with = model_with(some, 3, &error), *without = model_with(NULL, 0, &error);
    voq_parts parts = {.struct_size = sizeof parts};
    CHECK_STR(info_of(with).hash, info_of(without).hash);
    CHECK_EQ(voq_model_parts(without, &parts), VOQ_OK);
    CHECK(parts.section == NULL && parts.n_section == 0);
    voq_model_close(with);
    voq_model_close(without);
}

static void a_section_anywhere_in_the_file_is_found(void)
{
    voq_error error;
    voq_model *model = model_with(some, 1, &error), *moved = NULL;
    const void *bytes;
    size_t n;
    voq_model_bytes(model, &bytes, &n);
    struct raw_file raw = raw_read(bytes);
    const struct raw_section last = raw.section[raw.n_section - 1];
    for (uint32_t i = raw.n_section - 1; i > 0; i--) raw.section[i] = raw.section[i - 1];
    raw.section[0] = last;
    unsigned char *file = raw_write(&raw, &n);
    CHECK_EQ(voq_model_read(file, n, NULL, &moved, &error), VOQ_OK);
    CHECK(memcmp(voq_model_section(moved, "DECD", &n), notes, 13) == 0);
    CHECK_EQ(n, 13);
    free(file);
    raw_free(&raw);
    voq_model_close(moved);
    voq_model_close(model);
}

static void a_section_that_cannot_be_is_refused_with_a_reason(void)
{
    static const struct {
        voq_section section;
        const char *why;
    } bad[] = {
        {{"CDBK", notes, 13}, "section 1: CDBK is written from the other parts"},
        {{"PROV", notes, 13}, "section 1: PROV is written from the other parts"},
        {{"DEC", notes, 13}, "section 1: a type has four characters"},
        {{"DECDER", notes, 13}, "section 1: a type has four characters"},
        {{{'D', 'E', 'C', 'O', 'D', 'E', 'R', 'S'}, notes, 13},
         "section 1: a type has four characters"},
        {{"DECD", NULL, 13}, "section 1: its bytes are a null pointer"},
        {{"DECD", notes, SIZE_MAX}, "section 1 has more bytes than memory can hold"},
    };
    voq_error error;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(model_with(&bad[i].section, 1, &error) == NULL);
        CHECK_EQ(error.status, VOQ_ERROR_ARGUMENT);
        CHECK_STR(error.text, bad[i].why);
    }
    const voq_section huge[] = {{"DECD", notes, PTRDIFF_MAX}, {"DECD", notes, PTRDIFF_MAX}};
    CHECK(model_with(huge, 2, &error) == NULL);
    CHECK_EQ(error.status, VOQ_ERROR_ARGUMENT);
    CHECK(model_with(NULL, 1, &error) == NULL);
    CHECK_EQ(error.status, VOQ_ERROR_ARGUMENT);
}

static void a_file_has_at_most_64_sections(void)
{
    voq_error error;
    voq_section many[65];
    for (size_t i = 0; i < 65; i++) many[i] = some[0];
    voq_model *model = model_with(NULL, 0, &error);
    const void *bytes;
    size_t n;
    voq_model_bytes(model, &bytes, &n);
    size_t room = 64 - (size_t)raw_get((const unsigned char *)bytes + 12, 4);
    voq_model_close(model);
    model = model_with(many, room, &error);
    CHECK(model != NULL);
    voq_model_close(model);
    CHECK(model_with(many, room + 1, &error) == NULL);
    CHECK_EQ(error.status, VOQ_ERROR_LIMIT);
    CHECK(model_with(many, 65, &error) == NULL);
    CHECK_EQ(error.status, VOQ_ERROR_LIMIT);
}

int main(void)
{
    RUN(a_section_comes_back_as_it_was_given);
    RUN(what_is_not_there_is_not_found);
    RUN(a_model_of_the_parts_of_another_keeps_its_sections);
    RUN(sections_are_no_part_of_the_hash);
    RUN(a_section_anywhere_in_the_file_is_found);
    RUN(a_section_that_cannot_be_is_refused_with_a_reason);
    RUN(a_file_has_at_most_64_sections);
    return check_done();
}

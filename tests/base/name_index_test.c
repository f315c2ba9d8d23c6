/* SPDX-License-Identifier: MIT */
/* Names that are told apart wrongly would give one utterance the labels of another. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tools/base/name_index.h"

#include <stdio.h>
#include <stdlib.h>

static struct failure failure;

static uint32_t add(struct name_index *index, const char *name)
{
    uint32_t id;
    return name_index_add(index, name, &id, &failure) ? id : NO_NAME;
}

static void names_are_numbered_by_their_first_appearance(void)
{
    struct name_index index = {0};
    CHECK_EQ(name_index_find(&index, "a"), NO_NAME);
    CHECK_EQ(add(&index, "b"), 0);
    CHECK_EQ(add(&index, "a"), 1);
    CHECK_EQ(add(&index, ""), 2);
    CHECK_EQ(add(&index, "b"), 0);
    CHECK_EQ(index.n, 3);
    CHECK_EQ(name_index_find(&index, "a"), 1);
    CHECK_EQ(name_index_find(&index, "ab"), NO_NAME);
    CHECK_EQ(index.value[1], 0);
    name_index_clear(&index);
    CHECK_EQ(index.n, 0);
}

static void a_part_of_a_text_is_a_name_of_its_own(void)
{
    struct name_index index = {0};
    uint32_t id;
    CHECK_EQ(add(&index, "eva"), 0);
    CHECK(name_index_add_part(&index, "eva-1", 3, &id, &failure) && id == 0);
    CHECK(name_index_add_part(&index, "eva-1", 2, &id, &failure) && id == 1);
    CHECK_STR(index.name[1], "ev");
    CHECK_EQ(name_index_find(&index, "ev"), 1);
    name_index_clear(&index);
}

static void many_names_stay_apart(void)
{
    enum { MANY = 20000 };
    struct name_index index = {0};
    char name[32];
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "%u", i * 7919u);
        CHECK_EQ(add(&index, name), i);
        index.value[i] = i + 1;
    }
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "%u", i * 7919u);
        uint32_t id = name_index_find(&index, name);
        CHECK(id == i && index.value[id] == i + 1);
    }
    name_index_clear(&index);
}

static void sorting_says_where_each_name_went(void)
{
    static const char *const names[] = {"b", "\xC3\xA9", "a", "B"};
    struct name_index index = {0};
    uint32_t *went = NULL;
    for (size_t i = 0; i < 4; i++) add(&index, names[i]);
    CHECK(name_index_sort(&index, &went, &failure));
    for (uint32_t i = 0; i < 4; i++) {
        CHECK_STR(index.name[went[i]], names[i]);
        CHECK_EQ(name_index_find(&index, names[i]), went[i]);
    }
    CHECK_STR(index.name[0], "B");
    free(went);
    name_index_clear(&index);
}

int main(void)
{
    RUN(names_are_numbered_by_their_first_appearance);
    RUN(a_part_of_a_text_is_a_name_of_its_own);
    RUN(many_names_stay_apart);
    RUN(sorting_says_where_each_name_went);
    return check_done();
}

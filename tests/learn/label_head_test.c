/* SPDX-License-Identifier: MIT */
/* A network that learns from labels at wrong times learns nothing, and nothing tells its user. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/learn/label_head.h"

static struct failure failure;

static struct label_head *read_head(const char *path, uint32_t hop_samples)
{
    struct label_head *head = NULL;
    struct label_head_options options = {.cache_folder = scratch("."),
                                         .units.facts.hop_samples = hop_samples};
    return label_head_read(&head, path, &options, &failure) ? head : NULL;
}

static const char *const phones = "a 1 0 .1 SIL\na 1 .1 .255 AH1\na 1 .4 .2 sp\na 1 .6 .3 B\n";

static void the_middle_of_a_hop_has_its_label(void)
{
    int32_t label[100];
    struct label_head *head = read_head(scratch_text("a.ctm", phones), 0);
    const struct label_grid grid = {.hop_samples = 160, .steps = 1, .rate_hz = 16000};
    CHECK(head);
    CHECK_EQ(label_head_n_class(head), 3); /* all silences are one */
    char name[3][8];
    for (uint32_t i = 0; i < 3; i++) label_head_class(head, i, name[i], sizeof name[i]);
    CHECK_STR(name[0], "AH");
    CHECK_STR(name[1], "B");
    CHECK_STR(name[2], "SIL");
    CHECK_EQ(label_head_find(head, "b", 0), LABEL_NONE);
    CHECK(label_head_fill(head, label_head_find(head, "a", 0), &grid, label, 100, &failure));
    for (int i = 0; i < 100; i++) {
        int ms = i * 10 + 5;
        int expected = ms < 100 ? 2 : ms < 355 ? 0 : ms < 400 ? -1 : ms < 600 ? 2 : ms < 900 ? 1
                                                                                          : -1;
        CHECK_EQ(label[i], expected);
    }
    label_head_free(head);
}

/* Frame i of speech at 9/10 of its speed stands for the original's samples 144 i to 144 (i + 1). */
static void labels_follow_the_speed(void)
{
    int32_t label[100];
    struct label_head *head = read_head(scratch_text("a.ctm", phones), 0);
    CHECK(head);
    for (uint32_t step = 9; step <= 11; step += 2) {
        const struct label_grid grid = {.hop_samples = 160 * step, .steps = 10, .rate_hz = 16000};
        CHECK(label_head_fill(head, label_head_find(head, "a", 0), &grid, label, 100, &failure));
        for (uint32_t i = 0; i < 100; i++) {
            uint32_t tenths = (2 * i + 1) * 5 * step; /* of milliseconds */
            int expected = tenths < 1000   ? 2
                           : tenths < 3550 ? 0
                           : tenths < 4000 ? -1
                           : tenths < 6000 ? 2
                           : tenths < 9000 ? 1
                                           : -1;
            CHECK_EQ(label[i], expected);
        }
    }
    label_head_free(head);
}

static void a_later_part_has_the_labels_of_its_time(void)
{
    int32_t label[10];
    struct label_head *head = read_head(scratch_text("a.ctm", phones), 0);
    const struct label_grid grid = {.begin = 8000, .hop_samples = 160, .steps = 1,
                                    .rate_hz = 16000};
    CHECK(head);
    CHECK(label_head_fill(head, label_head_find(head, "a", 0), &grid, label, 10, &failure));
    for (int i = 0; i < 10; i++) CHECK_EQ(label[i], 2);
    label_head_free(head);
}

/* What voq convert -f textgrid writes. */
static void a_textgrid_may_have_a_tier_of_units(void)
{
    static const char *const tier[] = {"units", "words"};
    for (int i = 0; i < 2; i++) {
        char text[400];
        int32_t label[4];
        snprintf(text, sizeof text, "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n"
                 ".04\n<exists>\n1\n\"IntervalTier\"\n\"%s\"\n0\n.04\n2\n0\n.02\n\"31\"\n.02\n"
                 ".04\n\"7\"\n", tier[i]);
        struct label_head *head = read_head(scratch_text("g.TextGrid", text), 0);
        const struct label_grid grid = {.hop_samples = 160, .steps = 1, .rate_hz = 16000};
        CHECK((head != NULL) == (i == 0));
        if (!head) {
            CHECK(strstr(failure.text, "no interval tier 'phones'"));
            CHECK(strstr(failure.text, "words"));
            return;
        }
        CHECK_EQ(label_head_n_class(head), 2);
        CHECK(label_head_fill(head, label_head_find(head, "g", 0), &grid, label, 4, &failure));
        CHECK(label[0] == label[1] && label[2] == label[3] && label[0] != label[2]);
        label_head_free(head);
    }
}

/* Unit i stands for the samples [i hop, (i + 1) hop) of any hop. */
static void units_label_the_frames_that_they_stand_for(void)
{
    static const char *const text[] = {
        "a|3 1 4 1 5\nb|9\n",
        "{\"fileid\": \"a\", \"units\": [3, 1, 4, 1, 5]}\n{\"fileid\": \"b\", \"units\": [9]}\n",
        "{\"voq\":1,\"k\":10,\"hop\":320,\"rate\":16000,\"utt\":\"a\"}\n"
        "{\"i\":0,\"t\":0,\"unit\":3}\n{\"i\":1,\"t\":0.02,\"unit\":1}\n"
        "{\"i\":2,\"t\":0.04,\"unit\":4}\n{\"i\":3,\"t\":0.06,\"unit\":1}\n"
        "{\"i\":4,\"t\":0.08,\"unit\":5}\n{\"end\":5,\"t\":0.1}\n"};
    static const char *const name[] = {"u.gslm", "u.jsonl", "v.jsonl"};
    static const int unit[] = {3, 1, 4, 1, 5};
    for (size_t f = 0; f < 3; f++) {
        int32_t label[14];
        struct label_head *head = read_head(scratch_text(name[f], text[f]), f == 2 ? 0 : 320);
        const struct label_grid grid = {.hop_samples = 160, .steps = 1, .rate_hz = 16000};
        CHECK(head);
        CHECK_EQ(label_head_n_class(head), 10);
        CHECK_EQ(label_head_n_unnamed(head), 0);
        CHECK(label_head_fill(head, label_head_find(head, "a", 7), &grid, label, 14, &failure));
        for (int i = 0; i < 14; i++) CHECK_EQ(label[i], i < 10 ? unit[i / 2] : LABEL_NONE);
        label_head_free(head);
    }
}

static void units_follow_the_speed_and_the_part(void)
{
    char text[3000] = "a|";
    int32_t label[100];
    for (int i = 0; i < 500; i++) sprintf(text + strlen(text), i ? " %d" : "%d", i);
    struct label_head *head = read_head(scratch_text("long.gslm", strcat(text, "\n")), 160);
    const struct label_grid grid = {.begin = 16000, .hop_samples = 160 * 11, .steps = 10,
                                    .rate_hz = 16000};
    CHECK(head);
    CHECK(label_head_fill(head, label_head_find(head, "a", 0), &grid, label, 100, &failure));
    for (int i = 0; i < 100; i++) CHECK_EQ(label[i], 100 + (2 * i + 1) * 11 / 20);
    const struct label_grid vectors = {.begin = 3, .hop_samples = 1, .steps = 1};
    CHECK(label_head_fill(head, label_head_find(head, "a", 0), &vectors, label, 100, &failure));
    for (int i = 0; i < 100; i++) CHECK_EQ(label[i], 3 + i);
    label_head_free(head);
}

static void a_list_without_names_is_in_the_order_of_the_corpus(void)
{
    int32_t label[4];
    struct label_head *head = read_head(scratch_text("x.km", "3 1\n4 4\n"), 320);
    const struct label_grid grid = {.hop_samples = 160, .steps = 1, .rate_hz = 16000};
    CHECK(head);
    CHECK_EQ(label_head_n_unnamed(head), 2);
    CHECK_EQ(label_head_find(head, "any", 2), LABEL_NONE);
    CHECK(label_head_fill(head, label_head_find(head, "any", 1), &grid, label, 4, &failure));
    for (int i = 0; i < 4; i++) CHECK_EQ(label[i], 4);
    label_head_free(head);
}

static void runs_of_other_tokenizers_are_expanded(void)
{
    int32_t label[6];
    static const int expected[] = {7, 7, 7, 2, 2, LABEL_NONE};
    const char *text = "{\"fileid\": \"a\", \"units\": [7, 2], \"durations\": [3, 2]}\n";
    struct label_head *head = read_head(scratch_text("d.jsonl", text), 160);
    const struct label_grid grid = {.hop_samples = 160, .steps = 1, .rate_hz = 16000};
    CHECK(head);
    CHECK(label_head_fill(head, label_head_find(head, "a", 0), &grid, label, 6, &failure));
    for (int i = 0; i < 6; i++) CHECK_EQ(label[i], expected[i]);
    label_head_free(head);
}

static const char *const grid_text =
    "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n.3\n<exists>\n1\n"
    "\"IntervalTier\"\n\"phones\"\n0\n.3\n2\n0\n.1\n\"\"\n.1\n.3\n\"IH2\"\n";

static void textgrids_and_folders_of_them_are_alignments(void)
{
    int32_t label[3];
    const char *path = scratch_text("t.TextGrid", grid_text);
    mkdir(scratch("grids"), 0700);
    scratch_text("grids/t.TextGrid", grid_text);
    const char *const place[] = {path, scratch("grids")};
    const struct label_grid grid = {.hop_samples = 1600, .steps = 1, .rate_hz = 16000};
    for (int k = 0; k < 2; k++) {
        struct label_head *head = read_head(place[k], 0);
        CHECK(head);
        CHECK(label_head_fill(head, label_head_find(head, "t", 0), &grid, label, 3, &failure));
        CHECK(label[0] == 0 && label[1] == 1 && label[2] == 1); /* "" is silence */
        label_head_free(head);
    }
}

static void a_file_that_cannot_teach_is_refused(void)
{
    CHECK(!read_head(scratch_text("twice.gslm", "a|1\na|2\n"), 0));
    CHECK(strstr(failure.text, "twice.gslm:2") && failure.code == EXIT_INPUT);
    const char *two = "{\"voq\":1,\"k\":9,\"hop\":160,\"rate\":16000,\"cb\":2,\"utt\":\"m\"}\n"
                      "{\"i\":0,\"t\":0,\"unit\":[1,2]}\n{\"end\":1,\"t\":0.01}\n";
    CHECK(!read_head(scratch_text("two.jsonl", two), 0));
    CHECK(strstr(failure.text, "2 codebooks"));
    CHECK(!read_head(scratch_text("big.gslm", "a|65536\n"), 0));
    CHECK(strstr(failure.text, "65536"));
    CHECK(!read_head(scratch_text("bad.ctm", "a 1 0 x AH\n"), 0));
    CHECK(strstr(failure.text, "bad.ctm:1"));
    CHECK(!read_head(scratch("none.gslm"), 0));
    CHECK(failure.code == EXIT_INPUT);
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(the_middle_of_a_hop_has_its_label);
    RUN(labels_follow_the_speed);
    RUN(a_later_part_has_the_labels_of_its_time);
    RUN(a_textgrid_may_have_a_tier_of_units);
    RUN(units_label_the_frames_that_they_stand_for);
    RUN(units_follow_the_speed_and_the_part);
    RUN(a_list_without_names_is_in_the_order_of_the_corpus);
    RUN(runs_of_other_tokenizers_are_expanded);
    RUN(textgrids_and_folders_of_them_are_alignments);
    RUN(a_file_that_cannot_teach_is_refused);
    return check_done();
}

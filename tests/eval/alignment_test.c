/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/check.h"
#include "tests/scratch.h"
#include "tools/eval/alignment.h"
#include "tools/eval/label.h"

static struct failure failure;

static struct alignment *read_text(const char *name, const char *text, const char *tier)
{
    struct alignment *alignment = NULL;
    if (!alignment_read(&alignment, scratch_text(name, text), tier, &failure))
        printf("# %s\n", failure.text);
    return alignment;
}

static void is_refused(const char *name, const char *text, const char *line_and_reason)
{
    struct alignment *alignment = NULL;
    const char *path = scratch_text(name, text);
    bool good = alignment_read(&alignment, path, NULL, &failure);
    alignment_free(good ? alignment : NULL);
    CHECK(!good);
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text + strlen(path), line_and_reason);
}

static const char *label_of(const struct alignment *a, const char *utterance, size_t i)
{
    return a->labels.name[alignment_find(a, utterance)->interval[i].label];
}

static void labels_lose_word_position_and_stress_only(void)
{
    static const char *const pair[][2] = {
        {"AH1_B", "AH"}, {"AH0", "AH"}, {"T_E", "T"}, {"AH3", "AH3"}, {"AH12", "AH12"},
        {"1", "1"},      {"_B", ""},    {"S", "S"},   {"a_x", "a_x"}, {"", ""},
        {"@2", "@2"},    {"uw2", "uw"}, {"B_1", "B_1"}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        char label[16];
        strcpy(label, pair[i][0]);
        label_clean(label);
        CHECK_STR(label, pair[i][1]);
    }
}

static void silence_is_known_in_any_case(void)
{
    static const char *const silent[] = {"", "SIL", "Sp", "spn", "NSN", "pau", "h#", "#h",
                                         "epi", "<eps>", "<SIL>", "<p:>"};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) CHECK(label_is_silence(silent[i]));
    CHECK(!label_is_silence("S") && !label_is_silence("sill") && !label_is_silence("AH"));
}

static void a_ctm_in_any_order_is_sorted_and_cleaned(void)
{
    struct alignment *a = read_text("a.ctm", ";; made by hand\n"
                                             "u2 1 0.5 0.25 T_E 0.9\n"
                                             "dir/u1.wav\tA 0.10 0.20 AH1\n"
                                             "\n"
                                             "u1 1 0 0.1 SIL\n"
                                             "u1 1 0.3 0.1\n", NULL);
    CHECK(a != NULL);
    CHECK_EQ(a->utterances.n, 2);
    const struct aligned_utterance *u1 = alignment_find(a, "u1");
    CHECK(u1 && u1->n_interval == 3);
    CHECK_EQ(u1->interval[1].start_us, 100000);
    CHECK_EQ(u1->interval[1].end_us, 300000);
    CHECK_STR(label_of(a, "u1", 0), "SIL");
    CHECK_STR(label_of(a, "u1", 1), "AH");
    CHECK_STR(label_of(a, "u1", 2), "");
    CHECK_STR(label_of(a, "u2", 0), "T");
    CHECK(alignment_find(a, "u3") == NULL);
    alignment_free(a);
}

static void times_are_exact_microseconds_half_up(void)
{
    struct alignment *a = read_text("b.ctm", "u 1 0.0000005 0.29 A\n", NULL);
    CHECK(a != NULL);
    CHECK_EQ(alignment_find(a, "u")->interval[0].start_us, 1);
    CHECK_EQ(alignment_find(a, "u")->interval[0].end_us, 290001);
    alignment_free(a);
}

static void a_bad_ctm_line_is_named(void)
{
    is_refused("c.ctm", "u 1 0 0.1 A\nu 1 x 0.1 A\n", ":2: start 'x' is not a time in seconds");
    is_refused("c.ctm", "u 1 0 -0.1 A\n",
               ":1: duration '-0.1' is not a time in seconds, 0 or more");
    is_refused("c.ctm", "u 1 0\n",
               ":1: 3 fields; a CTM line is 'utterance channel start duration label [confidence]'");
    is_refused("c.ctm", ";; nothing\n", ": no phone intervals in it");
}

static const char long_form[] =
    "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0 \nxmax = 0.5 \n"
    "tiers? <exists> \nsize = 3 \nitem []: \n"
    "    item [1]:\n        class = \"IntervalTier\" \n        name = \"words\" \n"
    "        xmin = 0 \n        xmax = 0.5 \n        intervals: size = 1 \n"
    "        intervals [1]:\n            xmin = 0 \n            xmax = 0.5 \n"
    "            text = \"say \"\"a\"\"\" \n"
    "    item [2]:\n        class = \"TextTier\" \n        name = \"phones\" \n"
    "        xmin = 0 \n        xmax = 0.5 \n        points: size = 1 \n"
    "        points [1]:\n            number = 0.1 \n            mark = \"x\" \n"
    "    item [3]:\n        class = \"IntervalTier\" \n        name = \"phones\" \n"
    "        xmin = 0 \n        xmax = 0.5 \n        intervals: size = 2 \n"
    "        intervals [1]:\n            xmin = 0 \n            xmax = 0.12 \n"
    "            text = \"\" \n"
    "        intervals [2]:\n            xmin = 0.12 \n            xmax = 0.5 \n"
    "            text = \"EY1\" \n";

static void a_long_textgrid_gives_its_phones(void)
{
    struct alignment *a = read_text("s1-a.TextGrid", long_form, NULL);
    CHECK(a != NULL);
    CHECK_EQ(alignment_find(a, "s1-a")->n_interval, 2);
    CHECK_STR(label_of(a, "s1-a", 0), "");
    CHECK_STR(label_of(a, "s1-a", 1), "EY");
    CHECK_EQ(alignment_find(a, "s1-a")->interval[1].start_us, 120000);
    alignment_free(a);
}

static void a_short_textgrid_reads_as_the_long_one(void)
{
    struct alignment *a = read_text(
        "s.TextGrid",
        "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n0.5\n<exists>\n1\n"
        "\"IntervalTier\"\n\"phone\"\n0\n0.5\n2\n0\n0.12\n\"\"\n0.12\n0.5\n\"EY1\"\n", NULL);
    CHECK(a != NULL);
    CHECK_EQ(alignment_find(a, "s")->n_interval, 2);
    CHECK_STR(label_of(a, "s", 1), "EY");
    alignment_free(a);
}

static void the_tier_can_be_named(void)
{
    struct alignment *a = read_text("t.TextGrid", long_form, "words");
    CHECK(a != NULL);
    CHECK_STR(label_of(a, "t", 0), "say \"a\"");
    alignment_free(a);
}

static void a_folder_of_textgrids_is_one_alignment(void)
{
    CHECK(mkdir(scratch("mfa"), 0700) == 0 && mkdir(scratch("mfa/s2"), 0700) == 0);
    scratch_text("mfa/s1.TextGrid", long_form);
    scratch_text("mfa/s2/s2.TextGrid", long_form);
    scratch_text("mfa/readme", "not a TextGrid");
    struct alignment *a = NULL;
    CHECK(alignment_read(&a, scratch("mfa"), NULL, &failure));
    CHECK_EQ(a->utterances.n, 2);
    alignment_free(a);
}

static void a_damaged_textgrid_is_named(void)
{
    is_refused("d.TextGrid", "File type = \"ooTextFile\"\nObject class = \"Sound\"\n",
               ":2: holds a 'Sound', not a TextGrid");
    is_refused("d.TextGrid", "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n",
               ":4: the file ends before <exists>");
    is_refused("d.TextGrid",
               "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n"
               "\"IntervalTier\"\n\"words\"\n0\n1\n0\n",
               ": no interval tier 'phones'; name one with --tier");
    is_refused("d.TextGrid",
               "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n"
               "\"IntervalTier\"\n\"phones\"\n0\n1\n1\n0.5\n0.2\n\"A\"\n",
               ":14: an interval ends before it starts");
    is_refused("d.TextGrid", "\xFF\xFE" "F", ":1: is UTF-16; save it as UTF-8");
}

static void frame_labels_lie_on_ten_milliseconds(void)
{
    struct alignment *a = read_text("labels", "u1\tSIL,SIL,AH0,T\nu2\tT\n", NULL);
    CHECK(a != NULL);
    const struct aligned_utterance *u1 = alignment_find(a, "u1");
    CHECK_EQ(u1->n_interval, 3);
    CHECK_EQ(u1->interval[0].end_us, 20000);
    CHECK_EQ(u1->interval[2].start_us, 30000);
    CHECK_EQ(u1->interval[2].end_us, 40000);
    CHECK_STR(label_of(a, "u1", 1), "AH");
    alignment_free(a);
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(labels_lose_word_position_and_stress_only);
    RUN(silence_is_known_in_any_case);
    RUN(a_ctm_in_any_order_is_sorted_and_cleaned);
    RUN(times_are_exact_microseconds_half_up);
    RUN(a_bad_ctm_line_is_named);
    RUN(a_long_textgrid_gives_its_phones);
    RUN(a_short_textgrid_reads_as_the_long_one);
    RUN(the_tier_can_be_named);
    RUN(a_folder_of_textgrids_is_one_alignment);
    RUN(a_damaged_textgrid_is_named);
    RUN(frame_labels_lie_on_ten_milliseconds);
    return check_done();
}

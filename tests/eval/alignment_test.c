/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
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
        {"@2", "@2"},    {"uw2", "uw"}, {"B_1", "B_1"}, {" AH1_B\n", "AH"}, {"\t", ""},
        {"a\nb", "a b"}, {"\xC2\xA0" "T", "T"}};
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
               ":1: 3 fields; expected 'utterance channel start duration label [confidence]'");
    is_refused("c.ctm", ";; nothing\n", ": contains no phone intervals");
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

/* As Praat 6.3 writes a label with a line break and a mathematical A: UTF-16 with a mark. */
static const char *in_utf16(const char *name, bool is_big_endian)
{
    static const char before[] = "File type = \"ooTextFile\"\r\nObject class = \"TextGrid\"\r\n\r\n"
                                 "0\r\n0.5\r\n<exists>\r\n1\r\n\"IntervalTier\"\r\n\"phones\"\r\n"
                                 "0\r\n0.5\r\n2\r\n0\r\n5e-05\r\n\"";
    static const uint16_t label[] = {0xD835, 0xDD38, 0x02D0, '\r', '\n', 'x'};
    static const char after[] = "\"\r\n5e-05\r\n0.5\r\n\"AH0\"\r\n";
    static char bytes[1024];
    uint16_t text[512] = {0xFEFF};
    size_t n = 1;
    for (const char *c = before; *c; c++) text[n++] = (uint16_t)*c;
    for (size_t i = 0; i < sizeof label / sizeof *label; i++) text[n++] = label[i];
    for (const char *c = after; *c; c++) text[n++] = (uint16_t)*c;
    for (size_t i = 0; i < n; i++) {
        bytes[2 * i + is_big_endian] = (char)(text[i] & 0xFF);
        bytes[2 * i + !is_big_endian] = (char)(text[i] >> 8);
    }
    return scratch_write(name, bytes, 2 * n);
}

static void a_textgrid_in_utf16_gives_its_phones(void)
{
    for (int big = 0; big < 2; big++) {
        struct alignment *a = NULL;
        CHECK(alignment_read(&a, in_utf16("w.TextGrid", big), NULL, &failure));
        CHECK_EQ(alignment_find(a, "w")->n_interval, 2);
        CHECK_EQ(alignment_find(a, "w")->interval[0].end_us, 50);
        CHECK_STR(label_of(a, "w", 0), "\xF0\x9D\x94\xB8\xCB\x90 x");
        CHECK_STR(label_of(a, "w", 1), "AH");
        alignment_free(a);
    }
}

static void what_is_not_utf8_is_told_before_it_becomes_a_phone(void)
{
    is_refused("l.TextGrid",
               "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n"
               "\"IntervalTier\"\n\"phones\"\n0\n1\n1\n0\n1\n\"\xE9\"\n",
               ":14: an interval's text is not UTF-8, perhaps Latin-1 or MacRoman; save the file "
               "as UTF-8");
}

static void times_of_a_ctm_are_any_decimal_number(void)
{
    struct alignment *a = read_text("n.ctm", "\xEF\xBB\xBF" "u 1 -0 5e-05 A\r\n"
                                             "u 1 5E-5 .5 B \t\n"
                                             "u 1 +0.50005 1.1102230246251565e-16 C", NULL);
    CHECK(a != NULL);
    const struct phone_interval *interval = alignment_find(a, "u")->interval;
    CHECK_EQ(interval[0].start_us, 0);
    CHECK_EQ(interval[0].end_us, 50);
    CHECK_EQ(interval[1].end_us, 500050);
    CHECK_EQ(interval[2].end_us, 500050);
    CHECK_STR(label_of(a, "u", 2), "C");
    alignment_free(a);
}

static void an_alignment_from_a_pipe_loses_no_line(void)
{
    static char lines[200000];
    size_t n = 0;
    int ends[2];
    for (int i = 0; i < 5000; i++)
        n += (size_t)sprintf(lines + n, "u%d 1 0 1 A\n", i % 100);
    CHECK(pipe(ends) == 0);
    if (fork() == 0) _exit(write(ends[1], lines, n) == (ssize_t)n ? 0 : 1);
    close(ends[1]);
    char path[64];
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    struct alignment *a = NULL;
    size_t n_interval = 0;
    bool good = alignment_read(&a, path, NULL, &failure);
    close(ends[0]);
    CHECK(good);
    CHECK_EQ(a->utterances.n, 100);
    for (int i = 0; i < 100; i++) n_interval += a->utterance[i].n_interval;
    alignment_free(a);
    CHECK_EQ(n_interval, 5000);
}

static void a_name_in_a_ctm_may_be_that_of_any_audio_file(void)
{
    static const char *const name[] = {"talk.wave", "d/talk.m4a", "talk.AIFC", "talk.snd",
                                       "talk.rf64", "talk.webm",  "talk"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        char line[64];
        snprintf(line, sizeof line, "%s 1 0 1 A\n", name[i]);
        struct alignment *a = read_text("k.ctm", line, NULL);
        CHECK(a && alignment_find(a, "talk"));
        alignment_free(a);
    }
    struct alignment *a = read_text("k.ctm", "s1.take2 1 0 1 A\n", NULL);
    CHECK(a && alignment_find(a, "s1.take2"));
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
               ":4: the file ends before <exists>; is it cut off?");
    is_refused("d.TextGrid",
               "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n"
               "\"IntervalTier\"\n\"words\"\n0\n1\n0\n",
               ": no interval tier 'phones'; rename one of these, or name it with voq eval "
               "--tier: words");
    is_refused("d.TextGrid",
               "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n"
               "\"IntervalTier\"\n\"phones\"\n0\n1\n1\n0.5\n0.2\n\"A\"\n",
               ":13: an interval ends before it starts");
    is_refused("d.TextGrid", "\xFF\xFE" "F",
               ":1: half a character in UTF-16; is the file cut off or damaged?");
    is_refused("d.TextGrid", "\"Praat chronological TextGrid text file\"\n0 1\n",
               ":1: 'Praat chronological TextGrid text file' is not \"ooTextFile\"; save the "
               "TextGrid as a text file");
    is_refused("d.ctm", "\xFF\xFEu\0", ":1: is UTF-16; save it as UTF-8");
}

static void frame_labels_lie_on_ten_milliseconds(void)
{
    struct alignment *a = read_text("labels", "u1\tSIL,SIL,AH0,T \r\nu3\t\nu2\tT", NULL);
    CHECK(a != NULL && a->utterances.n == 2);
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
    RUN(a_textgrid_in_utf16_gives_its_phones);
    RUN(what_is_not_utf8_is_told_before_it_becomes_a_phone);
    RUN(times_of_a_ctm_are_any_decimal_number);
    RUN(an_alignment_from_a_pipe_loses_no_line);
    RUN(a_name_in_a_ctm_may_be_that_of_any_audio_file);
    RUN(the_tier_can_be_named);
    RUN(a_folder_of_textgrids_is_one_alignment);
    RUN(a_damaged_textgrid_is_named);
    RUN(frame_labels_lie_on_ten_milliseconds);
    return check_done();
}

/* SPDX-License-Identifier: MIT */
/* TextGrids as Praat, MFA, praatio and textgrid write them. If this fails, an alignment is refused,
   or read with its labels or times shifted by one. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/textgrid.h"

static struct failure failure;

#define HEAD "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n"
#define SHORT HEAD "0\n1\n<exists>\n"

/* "tier: start-end text, ..." for every interval tier, or what is wrong. */
static const char *notation(const char *path)
{
    static char text[1024];
    struct line_reader *reader;
    struct textgrid grid;
    struct textgrid_interval interval;
    const char *name = "";
    size_t n = 0;
    text[0] = '\0';
    if (!line_reader_open(&reader, path, &failure)) return failure.text;
    bool good = textgrid_begin(&grid, reader, &failure);
    while (good && (good = textgrid_next_tier(&grid, &name, &failure)) && name) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s:", name);
        bool found = true;
        while (good && found) {
            good = textgrid_next_interval(&grid, &interval, &found, &failure);
            if (good && found)
                n += (size_t)snprintf(text + n, sizeof text - n, " %lld-%lld '%s'",
                                      (long long)interval.start_us, (long long)interval.end_us,
                                      interval.text);
        }
        n += (size_t)snprintf(text + n, sizeof text - n, "\n");
    }
    textgrid_clear(&grid);
    line_reader_close(reader);
    return good ? text : failure.text + strlen(path);
}

static const char *grid_of(const char *text)
{
    return notation(scratch_text("a.TextGrid", text));
}

/* Praat 6.3 writes so, blanks at the line ends included. */
static const char long_form[] =
    HEAD "xmin = 0 \nxmax = 0.05 \ntiers? <exists> \nsize = 3 \nitem []: \n"
    "    item [1]:\n        class = \"TextTier\" \n        name = \"clicks\" \n"
    "        xmin = 0 \n        xmax = 0.05 \n        points: size = 1 \n"
    "        points [1]:\n            number = 0.01 \n            mark = \"3\" \n"
    "    item [2]:\n        class = \"IntervalTier\" \n        name = \"phones\" \n"
    "        xmin = 0 \n        xmax = 0.05 \n        intervals: size = 2 \n"
    "        intervals [1]:\n            xmin = 0 \n            xmax = 5e-05 \n"
    "            text = \"say \"\"t\"\"\n 0.5 <x> ! \" \n"
    "        intervals [2]:\n            xmin = 5e-05 \n            xmax = 0.05 \n"
    "            text = \"\xC9\x91\xCB\x90\" \n"
    "    item [3]:\n        class = \"IntervalTier\" \n        name = \"words\" \n"
    "        xmin = 0 \n        xmax = 0.05 \n        intervals: size = 1 \n"
    "        intervals [1]:\n            xmin = 0 \n            xmax = 0.05 \n"
    "            text = \"\" \n";
static const char as_read[] = "phones: 0-50 'say \"t\"\n 0.5 <x> ! ' 50-50000 '\xC9\x91\xCB\x90'\n"
                              "words: 0-50000 ''\n";

static void the_long_form_is_read(void)
{
    CHECK_STR(grid_of(long_form), as_read);
}

static void the_short_form_reads_as_the_long_one(void)
{
    static const char text[] =
        HEAD "0\n0.05\n<exists>\n3\n\"TextTier\"\n\"clicks\"\n0\n0.05\n1\n0.01\n\"3\"\n"
        "\"IntervalTier\"\n\"phones\"\n0\n0.05\n2\n0\n5e-05\n\"say \"\"t\"\"\n 0.5 <x> ! \"\n"
        "5e-05\n0.05\n\"\xC9\x91\xCB\x90\"\n\"IntervalTier\"\n\"words\"\n0\n0.05\n1\n0\n0.05\n\"\"";
    CHECK_STR(grid_of(text), as_read);
    CHECK_STR(grid_of("File type = \"ooTextFile short\"\n\"TextGrid\"\n\n0\n1\n<exists>\n0\n"), "");
}

static void any_line_end_and_a_byte_order_mark_change_nothing(void)
{
    char text[2 * sizeof long_form + 3] = "\xEF\xBB\xBF";
    size_t n = 3;
    for (const char *c = long_form; *c; c++) {
        if (*c == '\n') text[n++] = '\r';
        text[n++] = *c;
    }
    text[n] = '\0';
    CHECK_STR(grid_of(text), as_read);
    n = 0;
    for (const char *c = long_form; *c; c++) text[n++] = (char)(*c == '\n' ? '\r' : *c);
    text[n] = '\0';
    CHECK_STR(grid_of(text), as_read);
}

static void utf16_of_either_order_with_or_without_mark_changes_nothing(void)
{
    for (int way = 0; way < 4; way++) {
        bool is_big = way & 1, has_mark = way & 2;
        char text[2 * sizeof long_form + 2];
        size_t n = 0;
        const char *c = long_form;
        for (uint32_t unit = 0xFEFF; unit; n += 2) {
            if (n == 0 && !has_mark) unit = (unsigned char)*c++;
            text[n + is_big] = (char)(unit & 0xFF);
            text[n + !is_big] = (char)(unit >> 8);
            unit = (unsigned char)*c++;
            if (unit >= 0x80) unit = (unit & 0x1F) << 6 | ((unsigned char)*c++ & 0x3F);
        }
        CHECK_STR(notation(scratch_write("w.TextGrid", text, n)), as_read);
    }
}

static void remarks_and_comments_are_no_values(void)
{
    CHECK_STR(grid_of("! made by hand: 1 \"x\" <y>\n" HEAD "xmin=5 = 0 + - . ! 7\nxmax? 1!2\n"
                   "tiers? <exists>!\nsize: 1 \"IntervalTier\" \"a!b\" 0 1 2 0 .5 \"\" .5 1 \"x\""),
              "a!b: 0-500000 '' 500000-1000000 'x'\n");
}

static void a_grid_without_tiers_is_empty(void)
{
    CHECK_STR(grid_of(HEAD "xmin = 0\nxmax = 1\ntiers? <absent>\n"), "");
    CHECK_STR(grid_of(SHORT "1\n\"TextTier\"\n\"p\"\n0\n1\n0\n"), "");
    CHECK_STR(grid_of(SHORT "1\n\"IntervalTier\"\n\"p\"\n0\n1\n0\n"), "p:\n");
}

#define TIER SHORT "1\n\"IntervalTier\"\n\"p\"\n0\n1\n1\n"

static void what_is_wrong_is_named_with_its_line(void)
{
    static const char *const bad[][2] = {
        {"", ":0: the file ends before the header of a TextGrid; is it cut off?"},
        {"\"ooBinaryFile\"\n", ":1: 'ooBinaryFile' is not \"ooTextFile\"; save the TextGrid as a "
                               "text file"},
        {"\"ooTextFile\"\n\"Pitch 1\"\n", ":2: holds a 'Pitch 1', not a TextGrid"},
        {HEAD "0 x 1 <maybe>", ":4: '<maybe>' is neither <exists> nor <absent>"},
        {HEAD "0 1e", ":4: xmax '1e' is not a time in seconds"},
        {HEAD "0 0.5s", ":4: xmax '0.5s' is not a time in seconds"},
        {HEAD "0 \"x\"", ":4: expected xmax, not a text"},
        {SHORT "1.5", ":7: the number of tiers '1.5' is not a count"},
        {SHORT "1 1", ":7: expected the class of a tier, in quotes"},
        {SHORT "1 \"Tier\"", ":7: 'Tier' is neither an IntervalTier nor a TextTier"},
        {TIER "0.2 0.1 \"\"", ":13: an interval ends before it starts"},
        {TIER "0 1 \"a\n\nb", ":15: the file ends before the closing quote; is it cut off?"},
        {TIER "0 1 \"\xE9\"", ":13: an interval's text is not UTF-8, perhaps Latin-1 or MacRoman; "
                              "save the file as UTF-8"},
        {TIER "0 1", ":13: the file ends before an interval's text; is it cut off?"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK_STR(grid_of(bad[i][0]), bad[i][1]);
}

static void a_quote_that_never_closes_stops_before_it_fills_memory(void)
{
    enum { N = 65 << 20, STEP = 1 << 10 };
    char *text = malloc(N);
    CHECK(text != NULL);
    memset(text, 'a', N);
    for (size_t i = STEP; i < N; i += STEP) text[i] = '\n';
    text[0] = '"';
    const char *path = scratch_write("long.TextGrid", text, N);
    free(text);
    CHECK(strstr(notation(path), "a text of more than 64 MB; is a closing quote missing?"));
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(the_long_form_is_read);
    RUN(the_short_form_reads_as_the_long_one);
    RUN(any_line_end_and_a_byte_order_mark_change_nothing);
    RUN(utf16_of_either_order_with_or_without_mark_changes_nothing);
    RUN(remarks_and_comments_are_no_values);
    RUN(a_grid_without_tiers_is_empty);
    RUN(what_is_wrong_is_named_with_its_line);
    RUN(a_quote_that_never_closes_stops_before_it_fills_memory);
    return check_done();
}

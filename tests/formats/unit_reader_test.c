/* SPDX-License-Identifier: MIT */
/* A damaged or foreign unit file is refused with its place: read half, it would give results that
   nobody can explain. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tests/formats/notation.h"

#include <zlib.h>

static struct failure failure;

struct bad_text {
    const char *format, *text, *expected; /* after "PATH:" */
};

static const char *reason_of(const char *message, const char *path)
{
    size_t n = strlen(path);
    return strncmp(message, path, n) == 0 && message[n] == ':' ? message + n + 1 : message;
}

#define HEADER "{\"voq\":1,\"k\":9,\"hop\":160,\"rate\":16000}\n"
#define GRID "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n1\n<exists>\n1\n"
#define GRID_OF(n) "File type = \"ooTextFile\"\n\"TextGrid\"\n\n0\n1\n<exists>\n" n "\n"
#define WORDS "\"IntervalTier\"\n\"words\"\n0\n1\n1\n0\n1\n\"sil\nx\"\n"
#define TIER GRID "\"IntervalTier\"\n\"units\"\n0\n1\n"

static void a_bad_line_is_named(void)
{
    static const struct bad_text bad[] = {
        {"gslm", "a|1\nb 2\n", "2: there is no '|' after the name; is this GSLM text?"},
        {"gslm", "a|1  2\n", "1: two blanks between units"},
        {"gslm", "a| 1\n", "1: two blanks between units"},
        {"gslm", "a|1 -2\n", "1: '-2' is not a unit; expected a whole number"},
        {"gslm", "a|1 2.5\n", "1: '2.5' is not a unit; expected a whole number"},
        {"gslm", "a|4294967296\n", "1: a unit too large"},
        {"gslm", "\xFF\xFE" "a|1\n", "1: is UTF-16; save it as UTF-8"},
        {"km", "1 2\nx\n", "2: 'x' is not a unit; expected a whole number"},
        {"units", "a\t1\n", "1: the line contains a TAB; if names precede it, add --from "
                            "units-names"},
        {"units-names", "\t1\n", "1: expected a name and a TAB before the units"},
        {"jsonl", "{\"i\":0,\"unit\":1}\n",
         "1: expected the header of an utterance, {\"voq\":1,...}"},
        {"jsonl", "{\"voq\":2}\n", "1: version 2 of the records; this voq knows 1"},
        {"jsonl", HEADER "[1]\n", "2: expected a JSON object in braces"},
        {"jsonl", HEADER "{\"i\":0}\n",
         "2: a record of unknown kind: no \"unit\", \"gap\", \"end\""},
        {"jsonl", HEADER "{\"i\":1,\"unit\":1}\n",
         "2: \"i\" is 1, expected 0; records are missing"},
        {"jsonl", HEADER "{\"i\":0,\"unit\":9}\n", "2: unit 9 is too large, there are only 9 "
                                                   "codes"},
        {"jsonl", HEADER "{\"i\":0,\"unit\":-1}\n", "2: \"unit\" is no whole number"},
        {"jsonl", HEADER "{\"i\":0,\"unit\":1.5}\n", "2: \"unit\" is no whole number"},
        {"jsonl", HEADER "{\"i\":0,\"unit\":[1,2]}\n", "2: more units than codebooks"},
        {"jsonl", HEADER "{\"i\":0,\"unit\":1,\"n\":2}\n",
         "2: \"n\" without \"rle\":true in the header"},
        {"jsonl", HEADER "{\"end\":1}\n", "2: \"end\" is 1, expected 0; records are missing"},
        {"fileid", "[1]\n", "1: expected a JSON object in braces"},
        {"fileid", "{\"units\": [1]}\n", "1: \"fileid\" is missing"},
        {"fileid", "{\"fileid\": 7, \"units\": [1]}\n", "1: \"fileid\" is no string"},
        {"fileid", "{\"fileid\": \"a\"}\n", "1: \"units\" is missing"},
        {"fileid", "{\"fileid\": \"a\", \"units\": \"1 2\"}\n", "1: \"units\" is no array"},
        {"fileid", "{\"fileid\": \"a\", \"units\": [1.5]}\n",
         "1: \"units\" contains something that is not a whole number"},
        {"fileid", "{\"fileid\": \"a\", \"units\": [[1, 2]]}\n",
         "1: \"units\" contains something that is not a whole number"},
        {"fileid", "{\"fileid\": \"a\", \"units\": [4294967296]}\n",
         "1: \"units\" contains something that is not a whole number"},
        {"fileid", "{\"fileid\": \"a\", \"units\": [1, 2], \"durations\": [1]}\n",
         "1: fewer durations than units"},
        {"fileid", "{\"fileid\": \"a\", \"units\": [1], \"durations\": [1, 2]}\n",
         "1: more durations than units"},
        {"fileid", "{\"fileid\": \"a\", \"units\": [1], \"durations\": [0]}\n",
         "1: a duration of 0"},
        {"fileid", "{\"fileid\": \"a\", \"units\": [1}\n", "1: column 28: expected a ',' or ']'"},
        {"ctm", "a 1 0 0.01\n", "1: expected NAME CHANNEL BEGIN DURATION UNIT [CONFIDENCE]"},
        {"ctm", "a 1 0 0.01 3 1 2\n",
         "1: expected NAME CHANNEL BEGIN DURATION UNIT [CONFIDENCE]"},
        {"ctm", "a 1 0 -0.01 3\n", "1: duration '-0.01' is not a time in seconds, 0 or more"},
        {"ctm", "a 1 x 0.01 3\n", "1: start 'x' is not a time in seconds"},
        {"ctm", "a 1 0 0.01 sil\n", "1: 'sil' is not a unit; expected a whole number"},
        {"ctm", "a 1 0 0.01 _(sil)\n", "1: '_(sil)' is not a unit; expected a whole number"},
        {"ctm", "a 1 0 0.01 3(sil)\n", "1: '3(sil)' is not a unit; expected a whole number"},
        {"ctm", "a 1 0 0.01 3_(sil\n", "1: '3_(sil' is not a unit; expected a whole number"},
        {"ctm", "a 1 0 0.01 3_(\n", "1: '3_(' is not a unit; expected a whole number"},
        {"ctm", "a 1 0 0.01 99999999999_(sil)\n",
         "1: '99999999999_(sil)' is not a unit; expected a whole number"},
        {"ctm", "a 1 0 0.01 00000000000000000003_(sil)\n",
         "1: '00000000000000000003_(sil)' is not a unit; expected a whole number"},
        {"ctm", "a 1 0 0.02 3\na 1 0.01 0.01 4\n",
         "2: begins 10000 us before the one before it ends"},
        {"ctm", "a 1 0 0.01 3\nb 1 0 0.01 3\na 1 0.01 0.01 3\n",
         "3: 'a' appears again after another utterance; sort the file"},
        {"ctm", "a 1 0 0.01 3\na 2 0.01 0.01 3\n",
         "2: channel 2 after channel 1; only one channel can be read"},
        {"textgrid", "x\n", "1: the file ends before the header of a TextGrid; is it cut off?"},
        {"textgrid", "File type = \"ooTextFile\"\n\"Pitch 1\"\n",
         "2: holds a 'Pitch 1', not a TextGrid"},
        {"textgrid", GRID "\"TextTier\"\n\"units\"\n0\n1\n0\n",
         "12: none of the 0 interval tiers is named \"units\"; rename one"},
        {"textgrid", GRID_OF("2") WORDS WORDS, "25: none of the 2 interval tiers is named "
                                               "\"units\"; rename one"},
        {"textgrid", TIER "1\n0\n1\n\"sil\"\n",
         "15: \"sil\" is not a unit; expected a whole number"},
        {"textgrid", TIER "2\n0\n0.5\n\"1\"\n0.6\n1\n\"2\"\n", "18: the interval does not start "
                                                               "where the one before ends"},
        {"textgrid", TIER "1\n0.5\n0.5\n\"1\"\n", "15: an interval has no length"},
        {"textgrid", TIER "1\n0\n1\n\"1\n",
         "15: the file ends before the closing quote; is it cut off?"},
        {"textgrid", TIER "2\n0\n1\n\"1\"\n",
         "15: the file ends before an interval's xmin; is it cut off?"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *path = scratch_text("bad", bad[i].text);
        CHECK_STR(reason_of(read_as(path, bad[i].format), path), bad[i].expected);
    }
}

static void facts_that_disagree_are_refused(void)
{
    const char *path = scratch_text("facts.jsonl", HEADER "{\"end\":0}\n");
    struct unit_reader_options options = {.facts = {.hop_samples = 320, .rate_hz = 16000}};
    CHECK(strstr(read_notation(path, options), ":1: 160 samples a hop here, 320 were stated"));
    path = scratch_text("grid.ctm", "a 1 0 0.015 3\n");
    options.facts.hop_samples = 160;
    CHECK(strstr(read_notation(path, options), "not a multiple of 160 samples at 16000 Hz"));
    path = scratch_text("codes.gslm", "a|1 100\n");
    options.facts.n_code = 100;
    CHECK(strstr(read_notation(path, options), ":1: unit 100 is too large, there are only 100 "
                                               "codes"));
}

static void what_else_is_legal_is_read(void)
{
    CHECK_STR(read_as(scratch_text("crlf", "a|1 2\r\nb|\r\n"), "gslm"), "a|1 2\nb|\n");
    CHECK_STR(read_as(scratch_text("no-end", "a|1 2"), "gslm"), "a|1 2\n");
    CHECK_STR(read_as(scratch_text("blanks", "\xEF\xBB\xBF" "a|1 2 \t\r\nb| \n"), "gslm"),
              "a|1 2\nb|\n");
    struct unit_reader_options lenient = {.format = format_of("gslm"), .lenient = true};
    CHECK_STR(read_notation(scratch_text("lenient", "a| 1  2 \n"), lenient), "a|1 2\n");
    CHECK_STR(read_as(scratch_text("a.ctm", ";; comment\na A 0.01 .02 3 0.9\n"), "ctm"),
              "a|(0) 3@10000-30000\n");
    CHECK_STR(read_as(scratch_text("cut.jsonl", HEADER "{\"i\":0,\"t\":0,\"unit\":1,\"new\":{}}\n"
                                   HEADER "{\"end\":0}\n"), "jsonl"), "|1 cut\n|\n");
    struct unit_reader_options special = {
        .format = format_of("units"), .facts = {.n_code = 100}, .allow_special = true};
    CHECK_STR(read_notation(scratch_text("special", "100 3 101\n"), special), "|3\n");
}

/* The tiers that somebody adds in Praat to look at units. */
static void a_textgrid_with_other_tiers_gives_its_units(void)
{
    static const char points[] = "\"TextTier\"\n\"clicks\"\n0\n1\n1\n0.5\n\"7\"\n";
    static const char units[] = "\"IntervalTier\"\n\"%s\"\n0\n1\n3\n0\n5e-05\n\"3\"\n"
                                "5E-5\n.5\n\"\"\n+0.5\n1\n\" 17\n\"\n";
    static const char read[] = "a|3@0-50 (0) 17@500000-1000000\n";
    static const char *const only[] = {"units", "my labels"};
    char text[1024], tier[256];
    snprintf(tier, sizeof tier, units, "units");
    snprintf(text, sizeof text, GRID_OF("4") "%s" WORDS "%s" WORDS, points, tier);
    CHECK_STR(read_as(scratch_text("a.TextGrid", text), "textgrid"), read);
    snprintf(text, sizeof text, "\xEF\xBB\xBF" GRID_OF("3") WORDS "%s%s", tier, points);
    CHECK_STR(read_as(scratch_text("a.TextGrid", text), "textgrid"), read);
    for (size_t i = 0; i < 2; i++) {
        snprintf(tier, sizeof tier, units, only[i]);
        snprintf(text, sizeof text, GRID_OF("2") "%s%s", points, tier);
        CHECK_STR(read_as(scratch_text("a.TextGrid", text), "textgrid"), read);
    }
}

static void an_interval_without_length_or_text_is_no_hole(void)
{
    CHECK_STR(read_as(scratch_text("a.TextGrid", TIER "3\n-1e-16\n1.1102230246251565e-16\n\"\"\n"
                                   "1.1102230246251565e-16\n.5\n\"1\"\n.5\n1\n\"2\"\n"),
                      "textgrid"), "a|1@0-500000 2@500000-1000000\n");
}

static void times_of_units_are_any_decimal_number(void)
{
    CHECK_STR(read_as(scratch_text("a.ctm", "a 1 -0 5e-05 3\r\na 1 5E-5 +.01 4 \n"), "ctm"),
              "a|3@0-50 4@50-10050\n");
}

static const char *packed(const char *name, const char *text)
{
    gzFile file = gzopen(scratch(name), "wb");
    if (!file || gzputs(file, text) < 0 || gzclose(file) != Z_OK) abort();
    return scratch(name);
}

static void unit_files_are_read_out_of_gzip(void)
{
    struct unit_reader_options any = {0};
    CHECK_STR(read_notation(packed("a.gslm.gz", "a|1 2\nb|\n"), any), "a|1 2\nb|\n");
    CHECK_STR(read_notation(packed("a.KM.GZ", "1 2\n\n"), any), "|1 2\n|\n");
    CHECK_STR(read_notation(packed("a.ctm.gz", "a 1 0 1 2\n"), any), "a|2@0-1000000\n");
    CHECK_STR(read_notation(packed("a.TextGrid.gz", TIER "1\n0\n1\n\"2\"\n"), any),
              "a|2@0-1000000\n");
    CHECK_STR(read_notation(packed("a.jsonl.gz", HEADER "{\"i\":0,\"unit\":1}\n{\"end\":1}\n"),
                            any), "|1\n");
    CHECK_STR(read_notation(packed("f.jsonl.gz", "{\"fileid\": \"a\", \"units\": [1, 2]}\n"), any),
              "a|1 2\n");
    CHECK_STR(read_notation(packed("unknown.gz", "a|1 2\n"), any), "a|1 2\n");
    packed("d.durations.gz", "2 1\n");
    CHECK_STR(read_notation(packed("d.units.gz", "1 2\n"), any), "|1x2 2x1\n");
    CHECK_STR(read_notation(packed("a.ark.gz", "\xEF\xBB\xBF" "a 1 \r\n"), any), "a|1\n");
    CHECK(strstr(read_notation(packed("a.npy.gz", "\x93NUMPY"), any), "is a compressed npy file"));
    CHECK(strstr(read_notation(scratch_write("cut.gslm.gz", "\x1F\x8B\x08\0", 4), any),
                 "cut.gslm.gz:1: the gzip data ends too early; is the file cut off?"));
}

static void durations_must_be_parallel(void)
{
    static const char *const bad[][3] = {
        {"1 2\n", "1\n", "d.durations:1: fewer durations than"},
        {"1 2\n", "1 1 1\n", "d.durations:1: more durations than"},
        {"1 2\n", "1 0\n", "d.durations:1: '0' is not a duration"},
        {"1\n2\n", "1\n", "d.durations: ends after 1 lines"},
        {"1\n", "1\n1\n", "d.durations:2: "},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *path = scratch_text("d.units", bad[i][0]);
        scratch_text("d.durations", bad[i][1]);
        CHECK(strstr(read_as(path, "units"), bad[i][2]));
    }
}

static void the_content_tells_the_format(void)
{
    static const struct {
        const char *text, *format;
        size_t n;
    } file[] = {
        {"a|1 2\n", "gslm", 0},
        {"1 2\n", "km", 0},
        {"a\t1 2\n", "units-names", 0},
        {HEADER, "jsonl", 0},
        {"{\"fileid\": \"a\", \"units\": [1]}\n", "fileid", 0},
        {"{\"units\": [1], \"num_samples\": 9, \"fileid\": \"a\"}\n", "fileid", 0},
        {"a 1 0.000000 0.020000 3\n", "ctm", 0},
        {";; a comment\n", "ctm", 0},
        {TIER "0\n", "textgrid", 0},
        {"\xEF\xBB\xBF" TIER "0\n", "textgrid", 0},
        {"\xFE\xFF\0\"\0o\0o\0T\0e\0x\0t\0F\0i\0l\0e", "textgrid", 24},
        {"File type=  \"ooTextFile short\"\r\n", "textgrid", 0},
        {"\xEF\xBB\xBF" "a|1 2\n", "gslm", 0},
        {"a 1 -0 5e-05 3\r\n", "ctm", 0},
        {"a 1 2 \n", "ark", 0},
        {"a \0B\4\0\0\0\0", "ark", 9},
    };
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        struct unit_reader *reader;
        struct unit_reader_options options = {0};
        size_t n = file[i].n ? file[i].n : strlen(file[i].text);
        CHECK(unit_reader_open(&reader, scratch_write("unknown", file[i].text, n), &options,
                               &failure));
        CHECK_STR(unit_reader_format(reader)->name, file[i].format);
        unit_reader_close(reader);
    }
    CHECK(strstr(read_notation(scratch_text("unknown", "what is this?\n"),
                               (struct unit_reader_options){0}), "--from"));
}

/* Two formats share ".jsonl". */
static void the_content_of_json_lines_tells_the_format(void)
{
    const struct unit_reader_options any = {0};
    CHECK_STR(read_notation(scratch_text("x.jsonl", "{\"fileid\": \"a\", \"units\": [1, 2]}\n"),
                            any), "a|1 2\n");
    CHECK_STR(read_notation(scratch_text("x.jsonl", HEADER "{\"i\":0,\"unit\":1}\n{\"end\":1}\n"),
                            any), "|1\n");
    CHECK_STR(read_notation(scratch_text("x.json", "\n{\"fileid\": \"a\", \"units\": [1]}"),
                            (struct unit_reader_options){.format = format_of("fileid")}), "a|1\n");
    CHECK_STR(read_notation(scratch_text("x.jsonl", ""), any), "");
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(a_bad_line_is_named);
    RUN(facts_that_disagree_are_refused);
    RUN(what_else_is_legal_is_read);
    RUN(a_textgrid_with_other_tiers_gives_its_units);
    RUN(an_interval_without_length_or_text_is_no_hole);
    RUN(times_of_units_are_any_decimal_number);
    RUN(unit_files_are_read_out_of_gzip);
    RUN(durations_must_be_parallel);
    RUN(the_content_tells_the_format);
    RUN(the_content_of_json_lines_tells_the_format);
    return check_done();
}

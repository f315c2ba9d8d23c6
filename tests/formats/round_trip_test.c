/* SPDX-License-Identifier: MIT */
/* Units that go from format to format and come back must be the same: a study that converts its
   files twice would compare other units. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tests/formats/notation.h"

static struct failure failure;

static const char *const formats[] = {"gslm", "km",    "units", "units-names", "npy",
                                      "ark",  "jsonl", "ctm",   "textgrid",    "fileid"};
enum { N_FORMAT = sizeof formats / sizeof *formats };

/* Writes one utterance called "a" and reads it back as frames, without its name. */
static const char *there_and_back(const char *format, const char *ids, struct unit_facts facts,
                                  enum npy_type type)
{
    static char notation[NOTATION_SIZE], back[NOTATION_SIZE];
    const struct unit_format *row = format_of(format);
    char name[64];
    snprintf(name, sizeof name, "a%s", row->suffix[0] ? row->suffix[0] : ".names");
    snprintf(notation, sizeof notation, "a|%s\n", ids);
    struct unit_writer_options options = {.format = row, .path = scratch(name), .one_input = true,
                                          .facts = facts, .npy_type = type};
    if (!write_notation(options, notation, &failure)) return failure.text;
    struct unit_reader_options reading = {.format = row, .facts = facts};
    const char *text = read_notation(options.path, reading);
    snprintf(back, sizeof back, "%s", strchr(text, '|') ? strchr(text, '|') + 1 : text);
    back[strcspn(back, "\n")] = '\0';
    return back;
}

static bool has_runs(const char *format)
{
    return (format_of(format)->traits & FORMAT_RUNS) != 0;
}

static void every_number_of_codes_survives_every_format(void)
{
    static const uint32_t n_code[] = {1, 2, 64, 65, 65536, 65537, 2147483647};
    for (size_t k = 0; k < sizeof n_code / sizeof *n_code; k++)
        for (size_t f = 0; f < N_FORMAT; f++) {
            struct unit_facts facts = example_facts;
            char ids[64], runs[64];
            facts.n_code = n_code[k];
            snprintf(ids, sizeof ids, "%u 0", n_code[k] - 1);
            snprintf(runs, sizeof runs, n_code[k] == 1 ? "0x2" : "%ux1 0x1", n_code[k] - 1);
            CHECK_STR(there_and_back(formats[f], ids, facts, NPY_I4),
                      has_runs(formats[f]) ? runs : ids);
        }
}

static void one_frame_is_one_frame(void)
{
    for (size_t f = 0; f < N_FORMAT; f++)
        CHECK_STR(there_and_back(formats[f], "7", example_facts, NPY_I4),
                  has_runs(formats[f]) ? "7x1" : "7");
}

static void an_empty_utterance_stays_one(void)
{
    for (size_t f = 0; f < N_FORMAT; f++) {
        if (has_runs(formats[f])) continue;
        CHECK_STR(there_and_back(formats[f], "", example_facts, NPY_I4), "");
    }
}

static void an_empty_utterance_is_refused_by_textgrid_and_noted_by_ctm(void)
{
    CHECK_STR(there_and_back("textgrid", "", example_facts, NPY_I4),
              "a: no units; a TextGrid cannot be empty");
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(there_and_back("ctm", "", example_facts, NPY_I4), "");
}

static void npy_types_hold_what_they_can_and_refuse_the_rest(void)
{
    struct unit_facts facts = example_facts;
    facts.n_code = 32768;
    CHECK_STR(there_and_back("npy", "32767 0", facts, NPY_I2), "32767 0");
    facts.n_code = 65536;
    CHECK_STR(there_and_back("npy", "65535 0", facts, NPY_U2), "65535 0");
    CHECK_STR(there_and_back("npy", "65535 0", facts, NPY_I8), "65535 0");
    CHECK(strstr(there_and_back("npy", "1", facts, NPY_I2), "--npy-type"));
    CHECK_EQ(failure.code, EXIT_USAGE);
    facts.n_code = 65537;
    CHECK(strstr(there_and_back("npy", "1", facts, NPY_U2), "--npy-type"));
}

static void several_codebooks_survive_or_are_refused(void)
{
    struct unit_facts facts = example_facts;
    facts.n_codebook = 2;
    CHECK_STR(there_and_back("npy", "1,2 3,4 3,4", facts, NPY_I4), "1,2 3,4 3,4");
    CHECK_STR(there_and_back("jsonl", "1,2 3,4 3,4", facts, NPY_I4), "1,2 3,4 3,4");
    CHECK_STR(there_and_back("textgrid", "1,2 3,4 3,5", facts, NPY_I4), "1,2x1 3,4x1 3,5x1");
    CHECK_STR(there_and_back("gslm", "1,2", facts, NPY_I4),
              "format gslm stores one codebook, but the units have 2; formats that store them "
              "all: npy "
              "jsonl textgrid");
}

/* Copies all utterances of a file, as a conversion does. */
static bool copy(const char *from, const char *from_format, const char *to, const char *to_format)
{
    struct unit_reader_options reading = {.format = format_of(from_format), .facts = example_facts};
    struct unit_writer_options writing = {.format = format_of(to_format), .path = to,
                                          .facts = example_facts};
    struct unit_reader *reader;
    struct unit_writer *writer;
    const struct utterance_units *u;
    bool ok = unit_reader_open(&reader, from, &reading, &failure) &&
              unit_writer_open(&writer, &writing, &failure);
    while (ok && (ok = unit_reader_next(reader, &u, &failure)) && u)
        ok = unit_writer_begin(writer, u->name[0] ? u->name : "a", &failure) &&
             unit_writer_runs(writer, u->id, u->duration, u->n, &failure) &&
             unit_writer_end(writer, &failure);
    ok = ok && unit_writer_commit(writer, &failure);
    unit_reader_close(reader);
    return ok;
}

static void a_chain_through_all_formats_keeps_the_units(void)
{
    const char *first = scratch_text("chain0", "a|3 3 17 17 42 42 42 0\n");
    char path[N_FORMAT + 1][256];
    snprintf(path[0], sizeof path[0], "%s", first);
    for (size_t f = 1; f <= N_FORMAT; f++) {
        const char *from = formats[f - 1], *to = formats[f % N_FORMAT];
        const struct unit_format *row = format_of(to);
        char name[64];
        snprintf(name, sizeof name, "chain%zu", f);
        snprintf(path[f], sizeof path[f], "%s", scratch(name));
        CHECK(copy(path[f - 1], from, path[f], to));
        if (row->traits & FORMAT_FILE_EACH) /* the folder holds a.npy, a.TextGrid */
            snprintf(path[f] + strlen(path[f]), sizeof path[f] - strlen(path[f]), "/a%s",
                     row->suffix[0]);
    }
    CHECK_STR(file_text(path[N_FORMAT]), "a|3 3 17 17 42 42 42 0\n");
}

static void gaps_survive_where_times_are_kept(void)
{
    CHECK_STR(there_and_back("jsonl", "3 3 (12) 3", example_facts, NPY_I4), "3 3 (12) 3");
    CHECK_STR(there_and_back("ctm", "(2) 3 3 (12) 3", example_facts, NPY_I4), "(2) 3x2 (12) 3x1");
    CHECK_STR(there_and_back("textgrid", "3 3 (12) 3 (1)", example_facts, NPY_I4),
              "3x2 (12) 3x1 (1)");
    CHECK_STR(there_and_back("gslm", "3 (12) 3", example_facts, NPY_I4), "3 3");
}

static void a_folder_is_read_in_the_order_of_its_names(void)
{
    struct unit_writer_options options = {.format = format_of("npy"), .path = scratch("folder")};
    CHECK(write_notation(options, "b|2\na|1\nB|3\n", &failure));
    CHECK_STR(read_notation(options.path, (struct unit_reader_options){0}), "B|3\na|1\nb|2\n");
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(every_number_of_codes_survives_every_format);
    RUN(one_frame_is_one_frame);
    RUN(an_empty_utterance_stays_one);
    RUN(an_empty_utterance_is_refused_by_textgrid_and_noted_by_ctm);
    RUN(npy_types_hold_what_they_can_and_refuse_the_rest);
    RUN(several_codebooks_survive_or_are_refused);
    RUN(a_chain_through_all_formats_keeps_the_units);
    RUN(gaps_survive_where_times_are_kept);
    RUN(a_folder_is_read_in_the_order_of_its_names);
    return check_done();
}

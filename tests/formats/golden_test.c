/* SPDX-License-Identifier: MIT */
/* The bytes of every format, as the tools that read them expect them. One byte different, and
   somebody's training reads other units, or none. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tests/formats/notation.h"
#include "tools/formats/feature_writer.h"

#include <locale.h>

static struct failure failure;

static const char example[] = "utt1|3 3 17 17 42\n";
static const char three[] = "utt1|3 3 17 17 42\nutt2|\nu3|7\n";

static const unsigned char ark[] =
    "utt1 \0B\4\5\0\0\0\4\3\0\0\0\4\3\0\0\0\4\21\0\0\0\4\21\0\0\0\4\52\0\0\0"
    "utt2 \0B\4\0\0\0\0u3 \0B\4\1\0\0\0\4\7\0\0\0";

static bool has_bytes(const char *path, const void *expected, size_t n)
{
    size_t n_file;
    const unsigned char *bytes = file_bytes(path, &n_file);
    for (size_t i = 0; i < n && i < n_file; i++)
        if (bytes[i] != ((const unsigned char *)expected)[i]) {
            printf("# byte %zu of %s is %02x\n", i, path, bytes[i]);
            return false;
        }
    if (n_file != n) printf("# %s has %zu bytes, not %zu\n", path, n_file, n);
    return n_file == n;
}

static bool is_text(const char *path, const char *expected)
{
    return has_bytes(path, expected, strlen(expected));
}

static const char *written(struct unit_writer_options options, const char *name,
                           const char *notation)
{
    options.path = scratch(name);
    if (!write_notation(options, notation, &failure)) printf("# %s\n", failure.text);
    return options.path;
}

#define FORMAT(name) ((struct unit_writer_options){.format = format_of(name)})
#define EXAMPLE_FACTS {.hop_samples = 160, .rate_hz = 16000}

static void gslm_is_name_bar_units(void)
{
    const char *path = written(FORMAT("gslm"), "a.gslm", three);
    CHECK(is_text(path, "utt1|3 3 17 17 42\nutt2|\nu3|7\n"));
    CHECK_STR(read_as(path, "gslm"), three);
}

static void km_is_a_line_an_utterance_and_its_dictionary_has_all_codes(void)
{
    struct unit_writer_options options = FORMAT("km");
    options.dict_path = scratch("dict.km.txt");
    options.facts = (struct unit_facts){.n_code = 3, .n_codebook = 1};
    const char *path = written(options, "a.km", "x|2 2 1\ny|\nz|0\n");
    CHECK(is_text(path, "2 2 1\n\n0\n"));
    CHECK(is_text(scratch("dict.km.txt"), "0 1\n1 1\n2 1\n"));
    CHECK_STR(read_as(path, "km"), "|2 2 1\n|\n|0\n");
}

static void units_and_durations_are_parallel_lines(void)
{
    struct unit_writer_options options = FORMAT("units");
    options.durations = options.dedup = true;
    const char *path = written(options, "a.units", example);
    CHECK(is_text(path, "3 17 42\n"));
    CHECK(is_text(scratch("a.durations"), "2 2 1\n"));
    CHECK_STR(read_as(path, "units"), "|3x2 17x2 42x1\n");

    options.dedup = false;
    path = written(options, "b", example);
    CHECK(is_text(path, "3 3 17 17 42\n"));
    CHECK(is_text(scratch("b.durations"), "1 1 1 1 1\n"));
}

static void units_names_puts_a_tab_even_before_nothing(void)
{
    const char *path = written(FORMAT("units-names"), "a.txt", three);
    CHECK(is_text(path, "utt1\t3 3 17 17 42\nutt2\t\nu3\t7\n"));
    CHECK_STR(read_as(path, "units-names"), three);
    path = scratch_text("merged", "utt1\t3\nutt2\n");
    CHECK_STR(read_as(path, "units-names"), "utt1|3\nutt2|\n");
}

static void npy_is_numpys_own_bytes(void)
{
    unsigned char expected[148];
    static const char dictionary[] = "{'descr': '<i4', 'fortran_order': False, 'shape': (5,), }";
    memcpy(expected, "\x93NUMPY\1\0\x76\0", 10);
    memset(expected + 10, ' ', 118);
    memcpy(expected + 10, dictionary, strlen(dictionary));
    expected[127] = '\n';
    memcpy(expected + 128, "\3\0\0\0\3\0\0\0\21\0\0\0\21\0\0\0\52\0\0\0", 20);
    struct unit_writer_options options = FORMAT("npy");
    options.one_input = true;
    const char *path = written(options, "utt1.npy", example);
    CHECK(has_bytes(path, expected, sizeof expected));
    CHECK_STR(read_as(path, "npy"), example);
}

static void ark_has_a_size_byte_per_id_and_the_index_points_behind_the_key(void)
{
    struct unit_writer_options options = FORMAT("ark");
    options.scp_path = scratch("a.scp");
    const char *path = written(options, "ali.ark", three);
    CHECK(has_bytes(path, ark, sizeof ark - 1));
    char index[1024];
    snprintf(index, sizeof index, "utt1 %s:5\nutt2 %s:42\nu3 %s:52\n", path, path, path);
    CHECK(is_text(scratch("a.scp"), index));
    CHECK_STR(read_as(path, "ark"), three);
    CHECK_STR(read_as(scratch("a.scp"), "ark"), three);
}

static void text_ark_ends_each_id_with_a_blank(void)
{
    struct unit_writer_options options = FORMAT("ark");
    options.text = true;
    const char *path = written(options, "text.ark", three);
    CHECK(is_text(path, "utt1 3 3 17 17 42 \nutt2 \nu3 7 \n"));
    CHECK_STR(read_as(path, "ark"), three);
}

static void ctm_has_a_line_a_run(void)
{
    const char *path = written(FORMAT("ctm"), "a.ctm", example);
    CHECK(is_text(path, "utt1 1 0.000000 0.020000 3\n"
                        "utt1 1 0.020000 0.020000 17\n"
                        "utt1 1 0.040000 0.010000 42\n"));
    struct unit_reader_options options = {.facts = EXAMPLE_FACTS};
    CHECK_STR(read_notation(path, options), "utt1|3x2 17x2 42x1\n");
    CHECK_STR(read_as(path, "ctm"), "utt1|3@0-20000 17@20000-40000 42@40000-50000\n");
}

static const char text_grid[] = "File type = \"ooTextFile\"\n"
                                "Object class = \"TextGrid\"\n"
                                "\n"
                                "xmin = 0\n"
                                "xmax = 0.05\n"
                                "tiers? <exists>\n"
                                "size = 1\n"
                                "item []:\n"
                                "    item [1]:\n"
                                "        class = \"IntervalTier\"\n"
                                "        name = \"units\"\n"
                                "        xmin = 0\n"
                                "        xmax = 0.05\n"
                                "        intervals: size = 3\n"
                                "        intervals [1]:\n"
                                "            xmin = 0\n"
                                "            xmax = 0.02\n"
                                "            text = \"3\"\n"
                                "        intervals [2]:\n"
                                "            xmin = 0.02\n"
                                "            xmax = 0.04\n"
                                "            text = \"17\"\n"
                                "        intervals [3]:\n"
                                "            xmin = 0.04\n"
                                "            xmax = 0.05\n"
                                "            text = \"42\"\n";

static void textgrid_is_written_long_and_read_short_too(void)
{
    struct unit_writer_options options = FORMAT("textgrid");
    options.one_input = true;
    const char *path = written(options, "utt1.TextGrid", example);
    CHECK(is_text(path, text_grid));
    struct unit_reader_options frames = {.facts = EXAMPLE_FACTS};
    CHECK_STR(read_notation(path, frames), "utt1|3x2 17x2 42x1\n");
    path = scratch_text("utt1.textgrid",
                        "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n"
                        "0\n0.05\n<exists>\n1\n\"IntervalTier\"\n\"units\"\n0\n0.05\n3\n"
                        "0\n0.02\n\"3\"\n0.02\n0.04\n\"17\"\n0.04\n0.05\n\"42\"\n");
    CHECK_STR(read_notation(path, frames), "utt1|3x2 17x2 42x1\n");
}

static void jsonl_counts_frames_across_a_gap(void)
{
    struct unit_writer_options options = FORMAT("jsonl");
    options.facts = example_facts;
    strcpy(options.facts.model_hash, "3a981a6d86f1546f");
    const char *path = written(options, "a.jsonl", "mic|3 3 (12) 17\n");
    CHECK(is_text(path, "{\"voq\":1,\"k\":100,\"hop\":160,\"rate\":16000,"
                        "\"model\":\"3a981a6d86f1546f\",\"utt\":\"mic\"}\n"
                        "{\"i\":0,\"t\":0.000000,\"unit\":3}\n"
                        "{\"i\":1,\"t\":0.010000,\"unit\":3}\n"
                        "{\"i\":2,\"gap\":12,\"t\":0.020000,\"why\":\"overrun\"}\n"
                        "{\"i\":14,\"t\":0.140000,\"unit\":17}\n"
                        "{\"end\":15,\"t\":0.150000}\n"));
    CHECK_STR(read_as(path, "jsonl"), "mic|3 3 (12) 17\n");
}

static void jsonl_of_runs_says_how_long_and_of_nothing_says_so(void)
{
    struct unit_writer_options options = FORMAT("jsonl");
    options.dedup = true;
    const char *path = written(options, "a.jsonl", "u|3 3\nnone|\n");
    CHECK(is_text(path, "{\"voq\":1,\"k\":100,\"hop\":160,\"rate\":16000,\"rle\":true,"
                        "\"utt\":\"u\"}\n"
                        "{\"i\":0,\"t\":0.000000,\"unit\":3,\"n\":2}\n"
                        "{\"end\":2,\"t\":0.020000}\n"
                        "{\"voq\":1,\"k\":100,\"hop\":160,\"rate\":16000,\"rle\":true,"
                        "\"utt\":\"none\"}\n"
                        "{\"end\":0,\"t\":0.000000}\n"));
    CHECK_STR(read_as(path, "jsonl"), "u|3x2\nnone|\n");
}

static void jsonl_of_a_live_source_says_when(void)
{
    struct unit_writer_options options = FORMAT("jsonl");
    options.facts = example_facts;
    options.path = scratch("live.jsonl");
    struct unit_writer *writer;
    const uint32_t id = 3;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(unit_writer_begin(writer, "", &failure));
    unit_writer_wall_clock(writer, 1700000000.0625);
    CHECK(unit_writer_units(writer, &id, 1, &failure));
    CHECK(unit_writer_gap(writer, 1, 200, "device", &failure));
    CHECK(unit_writer_end(writer, &failure));
    CHECK(unit_writer_commit(writer, &failure));
    CHECK(is_text(options.path,
                  "{\"voq\":1,\"k\":100,\"hop\":160,\"rate\":16000}\n"
                  "{\"i\":0,\"t\":0.000000,\"unit\":3,\"s\":0,\"w\":1700000000.063}\n"
                  "{\"i\":1,\"gap\":1,\"t\":0.010000,\"why\":\"device\",\"lost\":200,"
                  "\"s\":160,\"w\":1700000000.063}\n"
                  "{\"end\":2,\"t\":0.020000,\"s\":320,\"w\":1700000000.063}\n"));
    CHECK_STR(read_as(options.path, "jsonl"), "|3 (1)\n");
}

static void fileid_is_one_object_per_line(void)
{
    struct unit_writer_options options = FORMAT("fileid");
    const char *path = written(options, "a.jsonl", "a\"\xC3\xA9|3 3 17 17 42\nnone|\n");
    CHECK(is_text(path, "{\"fileid\": \"a\\\"\xC3\xA9\", \"units\": [3, 3, 17, 17, 42]}\n"
                        "{\"fileid\": \"none\", \"units\": []}\n"));
    CHECK_STR(read_as(path, "fileid"), "a\"\xC3\xA9|3 3 17 17 42\nnone|\n");
    options.durations = true;
    path = written(options, "b.jsonl", "u|3 3 (2) 3\n");
    CHECK(is_text(path, "{\"fileid\": \"u\", \"units\": [3, 3, 3], \"durations\": [1, 1, 1]}\n"));
    options.dedup = true;
    path = written(options, "c.jsonl", "u|3 3 17 17 17 42 (2) 42\nv|1\nw|\n");
    CHECK(is_text(path, "{\"fileid\": \"u\", \"units\": [3, 17, 42, 42], "
                        "\"durations\": [2, 3, 1, 1]}\n"
                        "{\"fileid\": \"v\", \"units\": [1], \"durations\": [1]}\n"
                        "{\"fileid\": \"w\", \"units\": [], \"durations\": []}\n"));
    CHECK_STR(read_as(path, "fileid"), "u|3x2 17x3 42x1 42x1\nv|1x1\nw|\n");
}

/* 22,050 Hz and 220 samples: no boundary is a whole microsecond. */
static void ctm_times_join_at_any_rate(void)
{
    struct unit_writer_options options = FORMAT("ctm");
    options.facts = (struct unit_facts){.n_code = 9, .n_codebook = 1, .hop_samples = 220,
                                        .rate_hz = 22050};
    const char *path = written(options, "a.ctm", "u|1 2 3 3 3 4\n");
    CHECK(is_text(path, "u 1 0.000000 0.009977 1\n"
                        "u 1 0.009977 0.009978 2\n"
                        "u 1 0.019955 0.029932 3\n"
                        "u 1 0.049887 0.009977 4\n"));
    CHECK_STR(read_notation(path, (struct unit_reader_options){.facts = {.hop_samples = 220,
                                                                         .rate_hz = 22050}}),
              "u|1x1 2x1 3x3 4x1\n");
}

static bool write_matrix(bool text, const char *path, const char *scp)
{
    static const float x[] = {1, 2, 3, 4, 5, -0.5f};
    struct feature_writer_options options = {.path = path, .dim = 2, .text = text, .scp_path = scp};
    struct feature_writer *writer;
    return feature_format_find("ark", &options.format, &failure) &&
           feature_writer_open(&writer, &options, &failure) &&
           feature_writer_begin(writer, "utt1", &failure) &&
           feature_writer_frames(writer, x, 1, &failure) &&
           feature_writer_frames(writer, x + 2, 2, &failure) &&
           feature_writer_end(writer, &failure) &&
           feature_writer_begin(writer, "utt2", &failure) &&
           feature_writer_end(writer, &failure) && feature_writer_commit(writer, &failure);
}

static void kaldi_matrices_are_read_by_kaldi(void)
{
    static const unsigned char binary[] =
        "utt1 \0BFM \4\3\0\0\0\4\2\0\0\0\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40"
        "\0\0\x80\x40\0\0\xa0\x40\0\0\0\xbf"
        "utt2 \0BFM \4\0\0\0\0\4\0\0\0\0";
    const char *path = scratch("m.ark");
    CHECK(write_matrix(false, path, scratch("m.scp")));
    CHECK(has_bytes(path, binary, sizeof binary - 1));
    char index[1024];
    snprintf(index, sizeof index, "utt1 %s:5\nutt2 %s:49\n", path, path);
    CHECK(is_text(scratch("m.scp"), index));
    CHECK(write_matrix(true, path, NULL));
    CHECK(is_text(path, "utt1  [\n  1 2 \n  3 4 \n  5 -0.5 ]\nutt2  [ ]\n"));
}

int main(void)
{
    setlocale(LC_ALL, ""); /* voq itself never does; the bytes must not know */
    if (!scratch_begin()) return 1;
    printf("# decimal point of this run: %.1f\n", 0.5);
    RUN(gslm_is_name_bar_units);
    RUN(km_is_a_line_an_utterance_and_its_dictionary_has_all_codes);
    RUN(units_and_durations_are_parallel_lines);
    RUN(units_names_puts_a_tab_even_before_nothing);
    RUN(npy_is_numpys_own_bytes);
    RUN(ark_has_a_size_byte_per_id_and_the_index_points_behind_the_key);
    RUN(text_ark_ends_each_id_with_a_blank);
    RUN(ctm_has_a_line_a_run);
    RUN(textgrid_is_written_long_and_read_short_too);
    RUN(jsonl_counts_frames_across_a_gap);
    RUN(jsonl_of_runs_says_how_long_and_of_nothing_says_so);
    RUN(jsonl_of_a_live_source_says_when);
    RUN(fileid_is_one_object_per_line);
    RUN(ctm_times_join_at_any_rate);
    RUN(kaldi_matrices_are_read_by_kaldi);
    return check_done();
}

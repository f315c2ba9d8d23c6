/* SPDX-License-Identifier: MIT */
/* What a writer of units puts into files and pipes, and what it refuses: a file that reads as other
   units, or a pipe that waits, would be noticed late. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tests/formats/notation.h"

#include <signal.h>
#include <sys/wait.h>

static struct failure failure;
static const char first[] = "u1|1 1 2\nu2|3\n";

/* Runs a writer in a child whose standard output is a pipe, and gives what came out of it. */
static const unsigned char *through_a_pipe(const char *format, const char *notation, size_t *n)
{
    static unsigned char bytes[1 << 22];
    int channel[2];
    *n = 0;
    if (pipe(channel) != 0) return bytes;
    pid_t child = fork();
    if (child == 0) {
        struct unit_writer_options options = writer_options(format, "-");
        options.one_input = true;
        dup2(channel[1], STDOUT_FILENO);
        close(channel[0]);
        _exit(!write_notation(options, notation, &failure));
    }
    close(channel[1]);
    for (ssize_t k; (k = read(channel[0], bytes + *n, sizeof bytes - *n)) > 0;) *n += (size_t)k;
    close(channel[0]);
    int status = 1;
    waitpid(child, &status, 0);
    if (status != 0) *n = 0;
    return bytes;
}

static void formats_that_state_lengths_first_go_through_a_pipe(void)
{
    static char long_one[NOTATION_SIZE] = "a|0x70000";
    for (int i = 1; i < 99; i++)
        snprintf(long_one + strlen(long_one), 16, " %d", i);
    const char *const format[] = {"ark", "npy", "textgrid"};
    for (size_t f = 0; f < 3; f++) {
        struct unit_writer_options options = writer_options(format[f], scratch("pipe.x"));
        options.one_input = true;
        CHECK(write_notation(options, long_one, &failure));
        size_t n, n_pipe;
        const unsigned char *piped = through_a_pipe(format[f], long_one, &n_pipe);
        const unsigned char *filed = file_bytes(options.path, &n);
        CHECK_EQ(n_pipe, n);
        CHECK(memcmp(piped, filed, n) == 0);
    }
}

static void a_second_utterance_for_one_npy_is_refused(void)
{
    struct unit_writer_options options = writer_options("npy", scratch("one.npy"));
    options.one_input = true;
    CHECK(!write_notation(options, first, &failure));
    CHECK_EQ(failure.code, EXIT_USAGE);
    CHECK(strstr(failure.text, "folder"));
}

static void a_full_disk_is_said_and_ends_with_5(void)
{
    CHECK(!write_notation(writer_options("gslm", "/dev/full"), first, &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK_STR(failure.text, "/dev/full: cannot be written: No space left on device");
}

static void a_reader_that_went_away_ends_quietly(void)
{
    int channel[2];
    char path[64];
    CHECK(pipe(channel) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", channel[1]);
    struct unit_writer_options options = writer_options("gslm", path);
    struct unit_writer *writer;
    CHECK(unit_writer_open(&writer, &options, &failure));
    close(channel[0]);
    CHECK(write_utterances(writer, first, &failure));
    CHECK(!unit_writer_commit(writer, &failure));
    CHECK_EQ(failure.code, EXIT_FINE);
    CHECK_STR(failure.text, "");
    close(channel[1]);
}

static void live_records_leave_as_they_are_decided(void)
{
    int channel[2];
    char path[64], text[4096];
    CHECK(pipe(channel) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", channel[1]);
    struct unit_writer_options options = writer_options("jsonl", path);
    options.flush = true;
    struct unit_writer *writer;
    const uint32_t id = 3;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(unit_writer_begin(writer, "mic", &failure));
    CHECK(read(channel[0], text, sizeof text) > 0);
    CHECK(unit_writer_units(writer, &id, 1, &failure));
    ssize_t n = read(channel[0], text, sizeof text - 1);
    CHECK(n > 0);
    text[n] = '\0';
    CHECK_STR(text, "{\"i\":0,\"t\":0.000000,\"unit\":3}\n");
    unit_writer_abandon(writer, false);
    close(channel[0]);
    close(channel[1]);
}

static void a_run_never_crosses_a_gap_or_an_end(void)
{
    struct unit_writer_options options = writer_options("units", scratch("runs.units"));
    options.dedup = options.durations = true;
    CHECK(write_notation(options, "a|5 5 (3) 5\nb|5\n", &failure));
    CHECK_STR(file_text(options.path), "5 5\n5\n");
    CHECK_STR(file_text(scratch("runs.durations")), "2 1\n1\n");
}

static void a_reason_that_would_break_the_line_is_refused(void)
{
    struct unit_writer_options options = writer_options("jsonl", scratch("why"));
    struct unit_writer *writer;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(unit_writer_begin(writer, "a", &failure));
    CHECK(!unit_writer_gap(writer, 1, 1, "a\"b", &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    unit_writer_abandon(writer, false);
}

static void the_same_name_twice_is_refused_before_it_overwrites(void)
{
    CHECK(!write_notation(writer_options("npy", scratch("same")), "a|1\na|2\n", &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(read_as(scratch("same/a.npy"), "npy"), "a|1\n");
}

static void an_id_beyond_the_codes_is_refused(void)
{
    CHECK(!write_notation(writer_options("gslm", scratch("beyond")), "a|3 100\n", &failure));
    CHECK(strstr(failure.text, "unit 100 at frame 1"));
}

/* A label may have any character but controls; the file must still be read as the same units. */
static void a_label_with_any_character_leaves_the_units_as_they_are(void)
{
    static const char *label[100];
    static const char notation[] = "a|1 2 2 (3) 3 4 5\n";
    for (uint32_t i = 0; i < 100; i++) label[i] = "";
    label[1] = "say \"ah\"";
    label[2] = ")(";
    label[3] = " two  words ";
    label[4] = "\311\231|;";
    static const char *const line[] = {"0.010000 1_(say_\"ah\")\n", "0.020000 2_()()\n",
                                       "3_(_two__words_)\n", "4_(\311\231|;)\n", " 5\n"};
    static const char *const text[] = {"\"1 (say \"\"ah\"\")\"\n", "\"2 ()()\"\n", "\"\"\n",
                                       "\"3 ( two  words )\"\n", "\"5\"\n"};
    struct unit_writer_options options = writer_options("ctm", scratch("labels.ctm"));
    options.label = label;
    CHECK(write_notation(options, notation, &failure));
    for (size_t i = 0; i < 5; i++) CHECK(strstr(file_text(options.path), line[i]) != NULL);
    CHECK_STR(read_as(options.path, "ctm"), "a|1@0-10000 2@10000-30000 (0) 3@60000-70000 "
                                            "4@70000-80000 5@80000-90000\n");
    options = writer_options("textgrid", scratch("a.TextGrid"));
    options.label = label;
    options.one_input = true;
    CHECK(write_notation(options, notation, &failure));
    for (size_t i = 0; i < 5; i++) CHECK(strstr(file_text(options.path), text[i]) != NULL);
    CHECK_STR(read_as(options.path, "textgrid"), "a|1@0-10000 2@10000-30000 (0) 3@60000-70000 "
                                                 "4@70000-80000 5@80000-90000\n");
}

static void labels_are_those_of_the_first_codebook(void)
{
    static const char *const label[] = {"A", "B"};
    struct unit_writer_options options = writer_options("textgrid", scratch("two.TextGrid"));
    options.facts.n_codebook = options.facts.n_code = 2;
    options.label = label;
    options.one_input = true;
    CHECK(write_notation(options, "two|1,0 0,1\n", &failure));
    CHECK(strstr(file_text(options.path), "\"1 (B)\"\n") != NULL);
    CHECK(strstr(file_text(options.path), "\"0 (A)\"\n") != NULL);
    CHECK(strstr(file_text(options.path), "\"0\"\n") != NULL);
    CHECK(strstr(file_text(options.path), "\"1\"\n") != NULL);
}

static void times_without_a_frame_rate_are_refused(void)
{
    struct unit_writer_options options = writer_options("ctm", scratch("untimed"));
    options.facts = (struct unit_facts){.n_code = 100, .n_codebook = 1};
    CHECK(!write_notation(options, first, &failure));
    CHECK_EQ(failure.code, EXIT_USAGE);
    CHECK(strstr(failure.text, "--hop"));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    if (!scratch_begin()) return 1;
    RUN(formats_that_state_lengths_first_go_through_a_pipe);
    RUN(a_second_utterance_for_one_npy_is_refused);
    RUN(a_full_disk_is_said_and_ends_with_5);
    RUN(a_reader_that_went_away_ends_quietly);
    RUN(live_records_leave_as_they_are_decided);
    RUN(a_run_never_crosses_a_gap_or_an_end);
    RUN(a_reason_that_would_break_the_line_is_refused);
    RUN(the_same_name_twice_is_refused_before_it_overwrites);
    RUN(an_id_beyond_the_codes_is_refused);
    RUN(a_label_with_any_character_leaves_the_units_as_they_are);
    RUN(labels_are_those_of_the_first_codebook);
    RUN(times_without_a_frame_rate_are_refused);
    return check_done();
}

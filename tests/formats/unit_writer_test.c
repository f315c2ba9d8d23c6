/* SPDX-License-Identifier: MIT */
/* Output files are whole or absent, and an interrupted run can go on: else a crash at hour nine
   costs nine hours, or leaves a file that looks finished. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tests/formats/notation.h"
#include "tools/base/part_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static struct failure failure;

#define TAG "0123456789abcdef"

/* The name of the unfinished file with that tag which stands for an output. */
static const char *unfinished_name(const char *output)
{
    static char name[PART_NAME];
    struct part_file part;
    char path[600];
    snprintf(path, sizeof path, "%s", scratch(output));
    if (!part_create(&part, path, "fedcba9876543210", 0600)) return "";
    snprintf(name, sizeof name, "%.14s%s.tmp", part.name, TAG);
    part_remove(&part);
    part_close(&part);
    return name;
}

static const char *unfinished(const char *output)
{
    return scratch(unfinished_name(output));
}

static int n_entries(const char *folder)
{
    int n = -2;
    DIR *entries = opendir(folder);
    while (entries && readdir(entries)) n++;
    if (entries) closedir(entries);
    return n;
}

static const char first[] = "u1|1 1 2\nu2|3\n", second[] = "u3|4 4 4\nu4|\n";
static const char *const seekable[] = {"gslm", "km", "units", "units-names", "ark", "jsonl", "ctm"};

static struct unit_writer_options options_for(const char *format, const char *path)
{
    return (struct unit_writer_options){
        .format = format_of(format), .path = path, .facts = example_facts};
}

static void a_file_appears_at_commit_and_not_before(void)
{
    mkdir(scratch("appears"), 0777);
    struct unit_writer_options options = options_for("gslm", scratch_text("appears/old", "old"));
    struct unit_writer *writer;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(write_utterances(writer, first, &failure));
    CHECK(unit_writer_flush(writer, &failure));
    CHECK_STR(file_text(options.path), "old");
    CHECK(unit_writer_commit(writer, &failure));
    CHECK_STR(file_text(options.path), first);
    CHECK_EQ(n_entries(scratch("appears")), 1);
}

static void an_abandoned_file_leaves_nothing(void)
{
    mkdir(scratch("abandoned"), 0777);
    struct unit_writer_options options = options_for("gslm", scratch("abandoned/a"));
    struct unit_writer *writer;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(write_utterances(writer, first, &failure));
    unit_writer_abandon(writer, false);
    CHECK_EQ(n_entries(scratch("abandoned")), 0);
}

static void two_writers_of_one_file_do_not_mix(void)
{
    struct unit_writer_options options = options_for("gslm", scratch("twice"));
    struct unit_writer *writer, *other;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(!unit_writer_open(&other, &options, &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK(strstr(failure.text, "another voq"));
    CHECK(unit_writer_commit(writer, &failure));
}

/* A child process writes on past the last noted utterance and is killed there. */
static bool killed_after(struct unit_writer_options options, struct sink_mark *mark)
{
    int channel[2];
    if (pipe(channel) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        struct unit_writer *writer;
        const uint32_t id[] = {9, 9, 9};
        if (unit_writer_open(&writer, &options, &failure) &&
            write_utterances(writer, first, &failure) &&
            unit_writer_mark(writer, mark, &failure) &&
            unit_writer_begin(writer, "cut", &failure) &&
            unit_writer_units(writer, id, 3, &failure) &&
            unit_writer_flush(writer, &failure) &&
            write(channel[1], mark, UNIT_WRITER_FILES * sizeof *mark) > 0)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    close(channel[1]);
    ssize_t n = read(channel[0], mark, UNIT_WRITER_FILES * sizeof *mark);
    close(channel[0]);
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child) return false;
    return n == UNIT_WRITER_FILES * sizeof *mark && WIFSIGNALED(status);
}

static void a_killed_run_goes_on_to_the_same_bytes(void)
{
    for (size_t f = 0; f < sizeof seekable / sizeof *seekable; f++) {
        struct unit_writer_options options = options_for(seekable[f], scratch("resumed"));
        char whole[4096];
        static char whole_side[1 << 16];
        const char *side = NULL;
        options.durations = strncmp(seekable[f], "units", 5) == 0;
        if (strcmp(seekable[f], "ark") == 0) options.scp_path = side = scratch("resumed.scp");
        if (options.durations) side = scratch("resumed.durations");
        if (strcmp(seekable[f], "km") == 0) options.dict_path = side = scratch("resumed.dict");

        char both[256];
        snprintf(both, sizeof both, "%s%s", first, second);
        CHECK(write_notation(options, both, &failure));
        size_t n;
        memcpy(whole, file_bytes(options.path, &n), sizeof whole);
        if (side) snprintf(whole_side, sizeof whole_side, "%s", file_text(side));
        unlink(options.path);

        struct sink_mark mark[UNIT_WRITER_FILES];
        options.tag = TAG;
        CHECK(killed_after(options, mark));
        CHECK_STR(file_text(options.path), "(none)");
        options.resume = mark;
        CHECK(write_notation(options, second, &failure));
        size_t n_resumed;
        CHECK(memcmp(file_bytes(options.path, &n_resumed), whole, n) == 0);
        CHECK_EQ(n_resumed, n);
        if (side) CHECK_STR(file_text(side), whole_side);
    }
}

static void a_run_killed_between_two_renames_goes_on(void)
{
    struct unit_writer_options options = options_for("ark", scratch("between"));
    options.scp_path = scratch("between.scp");
    struct unit_writer *writer;
    struct sink_mark mark[UNIT_WRITER_FILES];
    options.tag = TAG;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(write_utterances(writer, first, &failure));
    CHECK(unit_writer_mark(writer, mark, &failure));
    unit_writer_abandon(writer, true);
    CHECK(rename(unfinished("between"), options.path) == 0);
    options.resume = mark;
    CHECK(write_notation(options, "", &failure));
    CHECK_STR(read_as(options.path, "ark"), first);
    CHECK_STR(read_as(options.scp_path, "ark"), first);
}

/* What another wrote under the name, or what lost bytes, would become part of the output. */
static void what_the_marks_do_not_describe_is_refused_and_stays(void)
{
    struct unit_writer_options options = options_for("gslm", scratch("marked"));
    struct sink_mark mark[UNIT_WRITER_FILES];
    struct unit_writer *writer;
    options.tag = TAG;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(write_utterances(writer, first, &failure));
    CHECK(unit_writer_mark(writer, mark, &failure));
    unit_writer_abandon(writer, true);
    options.resume = mark;
    const char *const other[] = {"u1|1 1 2\nu2|4\n", "u1|1 1", ""};
    for (size_t i = 0; i < 3; i++) {
        scratch_text(unfinished_name("marked"), other[i]);
        CHECK(!write_notation(options, second, &failure));
        CHECK_EQ(failure.code, EXIT_USAGE);
        CHECK(strstr(failure.text, "journal"));
        CHECK_STR(file_text(unfinished("marked")), other[i]);
    }
    mark[0].length = UINT64_MAX;
    CHECK(!write_notation(options, second, &failure));
    CHECK_EQ(failure.code, EXIT_USAGE);
}

static void a_dropped_utterance_leaves_no_trace(void)
{
    const uint32_t id[] = {9, 9, 9};
    for (size_t f = 0; f < sizeof seekable / sizeof *seekable; f++) {
        struct unit_writer_options options = options_for(seekable[f], scratch("dropped"));
        struct unit_writer *writer;
        CHECK(write_notation(options, first, &failure));
        size_t n, n_dropped;
        char whole[4096];
        memcpy(whole, file_bytes(options.path, &n), sizeof whole);
        CHECK(unit_writer_open(&writer, &options, &failure));
        CHECK(write_utterances(writer, "u1|1 1 2\n", &failure));
        CHECK(unit_writer_begin(writer, "bad", &failure));
        CHECK(unit_writer_units(writer, id, 3, &failure));
        CHECK(unit_writer_drop(writer, &failure));
        CHECK(write_utterances(writer, "u2|3\n", &failure));
        CHECK(unit_writer_commit(writer, &failure));
        CHECK(memcmp(file_bytes(options.path, &n_dropped), whole, n) == 0);
        CHECK_EQ(n_dropped, n);
    }
}

static void a_dropped_npy_leaves_no_file(void)
{
    struct unit_writer_options options = options_for("npy", scratch("npys"));
    struct unit_writer *writer;
    const uint32_t id = 9;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(unit_writer_begin(writer, "bad", &failure));
    CHECK(unit_writer_units(writer, &id, 1, &failure));
    CHECK(unit_writer_drop(writer, &failure));
    CHECK(write_utterances(writer, first, &failure));
    CHECK(unit_writer_commit(writer, &failure));
    CHECK_STR(read_notation(options.path, (struct unit_reader_options){0}), first);
    CHECK_EQ(n_entries(options.path), 2);
}

/* Runs a writer in a child whose standard output is a pipe, and gives what came out of it. */
static const unsigned char *through_a_pipe(const char *format, const char *notation, size_t *n)
{
    static unsigned char bytes[1 << 22];
    int channel[2];
    *n = 0;
    if (pipe(channel) != 0) return bytes;
    pid_t child = fork();
    if (child == 0) {
        struct unit_writer_options options = options_for(format, "-");
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
        struct unit_writer_options options = options_for(format[f], scratch("pipe.x"));
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
    struct unit_writer_options options = options_for("npy", scratch("one.npy"));
    options.one_input = true;
    CHECK(!write_notation(options, first, &failure));
    CHECK_EQ(failure.code, EXIT_USAGE);
    CHECK(strstr(failure.text, "folder"));
}

static void a_full_disk_is_said_and_ends_with_5(void)
{
    CHECK(!write_notation(options_for("gslm", "/dev/full"), first, &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK_STR(failure.text, "/dev/full: cannot be written: No space left on device");
}

static void a_reader_that_went_away_ends_quietly(void)
{
    int channel[2];
    char path[64];
    CHECK(pipe(channel) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", channel[1]);
    struct unit_writer_options options = options_for("gslm", path);
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
    struct unit_writer_options options = options_for("jsonl", path);
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
    struct unit_writer_options options = options_for("units", scratch("runs.units"));
    options.dedup = options.durations = true;
    CHECK(write_notation(options, "a|5 5 (3) 5\nb|5\n", &failure));
    CHECK_STR(file_text(options.path), "5 5\n5\n");
    CHECK_STR(file_text(scratch("runs.durations")), "2 1\n1\n");
}

static void a_reason_that_would_break_the_line_is_refused(void)
{
    struct unit_writer_options options = options_for("jsonl", scratch("why"));
    struct unit_writer *writer;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(unit_writer_begin(writer, "a", &failure));
    CHECK(!unit_writer_gap(writer, 1, 1, "a\"b", &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    unit_writer_abandon(writer, false);
}

static void the_same_name_twice_is_refused_before_it_overwrites(void)
{
    CHECK(!write_notation(options_for("npy", scratch("same")), "a|1\na|2\n", &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(read_as(scratch("same/a.npy"), "npy"), "a|1\n");
}

static void an_id_beyond_the_codes_is_refused(void)
{
    CHECK(!write_notation(options_for("gslm", scratch("beyond")), "a|3 100\n", &failure));
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
    struct unit_writer_options options = options_for("ctm", scratch("labels.ctm"));
    options.label = label;
    CHECK(write_notation(options, notation, &failure));
    for (size_t i = 0; i < 5; i++) CHECK(strstr(file_text(options.path), line[i]) != NULL);
    CHECK_STR(read_as(options.path, "ctm"), "a|1@0-10000 2@10000-30000 (0) 3@60000-70000 "
                                            "4@70000-80000 5@80000-90000\n");
    options = options_for("textgrid", scratch("a.TextGrid"));
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
    struct unit_writer_options options = options_for("textgrid", scratch("two.TextGrid"));
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
    struct unit_writer_options options = options_for("ctm", scratch("untimed"));
    options.facts = (struct unit_facts){.n_code = 100, .n_codebook = 1};
    CHECK(!write_notation(options, first, &failure));
    CHECK_EQ(failure.code, EXIT_USAGE);
    CHECK(strstr(failure.text, "--hop"));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    if (!scratch_begin()) return 1;
    RUN(a_file_appears_at_commit_and_not_before);
    RUN(an_abandoned_file_leaves_nothing);
    RUN(two_writers_of_one_file_do_not_mix);
    RUN(a_killed_run_goes_on_to_the_same_bytes);
    RUN(a_run_killed_between_two_renames_goes_on);
    RUN(what_the_marks_do_not_describe_is_refused_and_stays);
    RUN(a_dropped_utterance_leaves_no_trace);
    RUN(a_dropped_npy_leaves_no_file);
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

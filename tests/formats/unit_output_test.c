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

static void a_file_appears_at_commit_and_not_before(void)
{
    mkdir(scratch("appears"), 0777);
    struct unit_writer_options options = writer_options("gslm", scratch_text("appears/old", "old"));
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
    struct unit_writer_options options = writer_options("gslm", scratch("abandoned/a"));
    struct unit_writer *writer;
    CHECK(unit_writer_open(&writer, &options, &failure));
    CHECK(write_utterances(writer, first, &failure));
    unit_writer_abandon(writer, false);
    CHECK_EQ(n_entries(scratch("abandoned")), 0);
}

static void two_writers_of_one_file_do_not_mix(void)
{
    struct unit_writer_options options = writer_options("gslm", scratch("twice"));
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
        struct unit_writer_options options = writer_options(seekable[f], scratch("resumed"));
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
    struct unit_writer_options options = writer_options("ark", scratch("between"));
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
    struct unit_writer_options options = writer_options("gslm", scratch("marked"));
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
        struct unit_writer_options options = writer_options(seekable[f], scratch("dropped"));
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
    struct unit_writer_options options = writer_options("npy", scratch("npys"));
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
    return check_done();
}

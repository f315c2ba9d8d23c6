/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/output_file.h"

#include <fcntl.h>
#include <signal.h>

static struct failure failure;

static void the_old_file_stays_until_the_new_one_is_whole(void)
{
    struct output_file *file;
    mkdir(scratch("whole"), 0777);
    const char *path = scratch_text("whole/a", "old");
    CHECK(output_file_open(&file, path, &failure));
    fputs("new", output_file_stream(file));
    fflush(output_file_stream(file));
    CHECK_STR(scratch_content(path), "old");
    CHECK(output_file_commit(file, &failure));
    CHECK_STR(scratch_content(path), "new");
    CHECK_EQ(scratch_entries(scratch("whole")), 1);
}

static void abandoning_leaves_nothing_behind(void)
{
    struct output_file *file;
    mkdir(scratch("abandon"), 0777);
    CHECK(output_file_open(&file, scratch("abandon/a"), &failure));
    fputs("half", output_file_stream(file));
    output_file_abandon(file);
    CHECK_EQ(scratch_entries(scratch("abandon")), 0);
    output_file_abandon(NULL);
}

static void a_link_is_written_through_and_the_mode_kept(void)
{
    struct output_file *file;
    struct stat status;
    const char *target = scratch_text("target", "old"), *link_path = scratch("link");
    chmod(target, 0640);
    CHECK(symlink("target", link_path) == 0);
    CHECK(output_file_open(&file, link_path, &failure));
    fputs("new", output_file_stream(file));
    CHECK(output_file_commit(file, &failure));
    CHECK_STR(scratch_content(target), "new");
    CHECK(lstat(link_path, &status) == 0 && S_ISLNK(status.st_mode));
    CHECK(stat(target, &status) == 0);
    CHECK_EQ(status.st_mode & 0777, 0640);
}

static void a_full_disk_is_exit_5_and_says_so(void)
{
    struct output_file *file;
    if (access("/dev/full", W_OK) != 0) SKIP("no /dev/full");
    CHECK(output_file_open(&file, "/dev/full", &failure));
    for (int i = 0; i < 100000; i++) fputs("more than a buffer ", output_file_stream(file));
    CHECK(!output_file_commit(file, &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK_STR(failure.text, "/dev/full: cannot be written: No space left on device");
    struct stat status;
    CHECK(stat("/dev/full", &status) == 0 && S_ISCHR(status.st_mode));
}

static void a_device_is_written_in_place(void)
{
    struct output_file *file;
    CHECK(output_file_open(&file, "/dev/null", &failure));
    fputs("x", output_file_stream(file));
    CHECK(output_file_commit(file, &failure));
    struct stat status;
    CHECK(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
}

static void a_folder_that_is_not_there_is_exit_5(void)
{
    struct output_file *file;
    const char *path = scratch("none/a");
    CHECK(!output_file_open(&file, path, &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK_STR(failure.text + strlen(path), ": cannot be written: No such file or directory");
}

static void a_reader_that_went_away_ends_it_quietly(void)
{
    int ends[2], before = dup(STDOUT_FILENO);
    struct output_file *file;
    signal(SIGPIPE, SIG_IGN);
    fflush(stdout);
    CHECK(pipe(ends) == 0);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    bool opened = output_file_open(&file, "-", &failure);
    if (opened) fputs("units", output_file_stream(file));
    bool written = opened && output_file_commit(file, &failure);
    dup2(before, STDOUT_FILENO);
    close(before);
    CHECK(opened && !written);
    CHECK_EQ(failure.code, EXIT_FINE);
    CHECK_STR(failure.text, "");
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(the_old_file_stays_until_the_new_one_is_whole);
    RUN(abandoning_leaves_nothing_behind);
    RUN(a_link_is_written_through_and_the_mode_kept);
    RUN(a_full_disk_is_exit_5_and_says_so);
    RUN(a_device_is_written_in_place);
    RUN(a_folder_that_is_not_there_is_exit_5);
    RUN(a_reader_that_went_away_ends_it_quietly);
    return check_done();
}

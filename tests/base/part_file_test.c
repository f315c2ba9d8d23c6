/* SPDX-License-Identifier: MIT */
/* What is written before an output is whole meets no file of anybody's: not the user's own, and not
   one that somebody put there so that it is written through or removed. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/output_file.h"
#include "tools/base/part_file.h"

#include <errno.h>
#include <fcntl.h>

#define TAG "0123456789abcdef"

static struct failure failure;

/* The path of the file that stands for scratch/FOLDER/out under TAG. */
static const char *part_path(const char *folder)
{
    struct part_file part;
    char output[600], path[700] = "";
    snprintf(output, sizeof output, "%s/out", scratch(folder));
    if (mkdir(scratch(folder), 0777) != 0 && errno != EEXIST) return "";
    if (!part_create(&part, output, TAG, 0666)) return "";
    snprintf(path, sizeof path, "%s/%s", folder, part.name);
    part_remove(&part);
    part_close(&part);
    return scratch(path);
}

static bool can_create(const char *folder)
{
    struct part_file part;
    char output[600];
    snprintf(output, sizeof output, "%s/out", scratch(folder));
    bool created = part_create(&part, output, TAG, 0666);
    if (created) (void)!write(part.fd, "new", 3);
    int error = errno;
    part_close(&part);
    errno = error;
    return created;
}

static void what_somebody_put_at_the_name_is_neither_followed_nor_removed(void)
{
    const char *path = part_path("planted"), *victim = scratch_text("victim", "precious");
    CHECK(symlink(victim, path) == 0);
    CHECK(!can_create("planted") && errno == EEXIST);
    CHECK_STR(scratch_content(victim), "precious");
    part_sweep(scratch("planted/out"), TAG);
    CHECK_STR(scratch_content(path), "precious");

    CHECK(unlink(path) == 0 && link(victim, path) == 0);
    CHECK(!can_create("planted"));
    part_sweep(scratch("planted/out"), TAG);
    CHECK_STR(scratch_content(path), "precious");

    CHECK(unlink(path) == 0 && mkdir(path, 0777) == 0);
    CHECK(!can_create("planted"));
    CHECK(rmdir(path) == 0 && mkfifo(path, 0666) == 0);
    CHECK(!can_create("planted"));
}

static void a_dangling_link_creates_nothing_elsewhere(void)
{
    const char *path = part_path("dangling");
    CHECK(symlink("../elsewhere", path) == 0);
    CHECK(!can_create("dangling"));
    CHECK_STR(scratch_content(scratch("elsewhere")), "(none)");
}

static void what_a_killed_run_left_is_replaced(void)
{
    const char *path = part_path("left");
    FILE *file = fopen(path, "wb");
    CHECK(file && fputs("longer than new", file) >= 0 && fclose(file) == 0);
    CHECK(can_create("left"));
    CHECK_STR(scratch_content(path), "new");
}

static void a_sweep_takes_files_of_its_tag_that_nobody_uses(void)
{
    struct part_file used;
    const char *path = part_path("swept");
    scratch_text("swept/.voq-00000000-" TAG ".tmp", "left");
    scratch_text("swept/.voq-00000000-fedcba9876543210.tmp", "another run's");
    scratch_text("swept/.voq-00000000-" TAG ".tmp2", "a user's");
    scratch_text("swept/out", "a user's");
    CHECK(part_create(&used, scratch("swept/out"), TAG, 0666));
    part_sweep(scratch("swept/out"), TAG);
    CHECK_EQ(scratch_entries(scratch("swept")), 4);
    CHECK_STR(scratch_content(path), "");
    CHECK_STR(scratch_content(scratch("swept/.voq-00000000-" TAG ".tmp")), "(none)");
    part_close(&used);
    part_sweep(scratch("swept"), TAG);
    CHECK_EQ(scratch_entries(scratch("swept")), 3);
}

static void the_length_of_an_output_name_does_not_matter(void)
{
    for (int n = 240; n <= 255; n++) {
        char name[300];
        struct output_file *file;
        memset(name, 'x', sizeof name);
        name[n] = '\0';
        CHECK(output_file_open(&file, scratch(name), &failure));
        fputs("new", output_file_stream(file));
        CHECK(output_file_commit(file, &failure));
        CHECK_STR(scratch_content(scratch(name)), "new");
    }
    char name[300];
    struct output_file *file;
    memset(name, 'x', sizeof name);
    name[256] = '\0';
    CHECK(!output_file_open(&file, scratch(name), &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK(strstr(failure.text, "File name too long"));
}

static void a_program_that_voq_starts_gets_no_descriptor(void)
{
    struct part_file part;
    CHECK(part_create(&part, scratch("inherited"), TAG, 0666));
    CHECK(fcntl(part.fd, F_GETFD) & FD_CLOEXEC);
    CHECK(fcntl(part.folder, F_GETFD) & FD_CLOEXEC);
    part_remove(&part);
    part_close(&part);
}

static void a_new_file_has_the_mode_that_the_umask_leaves(void)
{
    struct output_file *file;
    struct stat status;
    mode_t before = umask(027);
    bool good = output_file_open(&file, scratch("mode"), &failure) &&
                output_file_commit(file, &failure);
    umask(before);
    CHECK(good && stat(scratch("mode"), &status) == 0);
    CHECK_EQ(status.st_mode & 0777, 0640);
}

static void two_writers_of_one_output_do_not_mix(void)
{
    struct output_file *file, *other;
    CHECK(output_file_open(&file, scratch("twice"), &failure));
    CHECK(!output_file_open(&other, scratch("twice"), &failure));
    CHECK(strstr(failure.text, "another voq"));
    CHECK(output_file_open(&other, scratch("twice2"), &failure));
    output_file_abandon(other);
    CHECK(output_file_commit(file, &failure));
    CHECK(output_file_open(&file, scratch("twice"), &failure));
    output_file_abandon(file);
}

static void a_name_that_cannot_be_had_at_the_end_loses_no_bytes(void)
{
    struct output_file *file;
    mkdir(scratch("late"), 0777);
    CHECK(output_file_open(&file, scratch("late/out"), &failure));
    fputs("hours", output_file_stream(file));
    CHECK(mkdir(scratch("late/out"), 0777) == 0);
    CHECK(!output_file_commit(file, &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    const char *kept = strstr(failure.text, ".voq-");
    CHECK(kept);
    char path[64];
    snprintf(path, sizeof path, "late/%.34s", kept);
    CHECK_STR(scratch_content(scratch(path)), "hours");
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(what_somebody_put_at_the_name_is_neither_followed_nor_removed);
    RUN(a_dangling_link_creates_nothing_elsewhere);
    RUN(what_a_killed_run_left_is_replaced);
    RUN(a_sweep_takes_files_of_its_tag_that_nobody_uses);
    RUN(the_length_of_an_output_name_does_not_matter);
    RUN(a_program_that_voq_starts_gets_no_descriptor);
    RUN(a_new_file_has_the_mode_that_the_umask_leaves);
    RUN(two_writers_of_one_output_do_not_mix);
    RUN(a_name_that_cannot_be_had_at_the_end_loses_no_bytes);
    return check_done();
}

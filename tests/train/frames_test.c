/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/train/blobs.h"

#include <dirent.h>
#include <sys/resource.h>
#include <signal.h>

static struct failure failure;

static void what_is_put_is_got_back(void)
{
    enum { N = FRAMES_BLOCK + 5, DIM = 3 };
    struct frames *frames;
    static float x[N * DIM], y[FRAMES_BLOCK * DIM];
    size_t n;
    for (int i = 0; i < N * DIM; i++) x[i] = (float)i;
    CHECK(frames_new(&frames, DIM, scratch("."), &failure));
    CHECK_EQ(frames_count(frames), 0);
    CHECK_EQ(frames_block_count(frames), 0);
    CHECK(frames_put(frames, 0, x, 100, &failure));
    CHECK(frames_put(frames, 100, x + 100 * DIM, N - 100, &failure));
    x[7] = -1;
    CHECK(frames_put(frames, 2, x + 2 * DIM, 1, &failure));
    CHECK_EQ(frames_count(frames), N);
    CHECK_EQ(frames_block_count(frames), 2);
    CHECK(frames_get_block(frames, 0, y, &n, &failure));
    CHECK_EQ(n, FRAMES_BLOCK);
    CHECK_BITS(y, x, n * DIM);
    CHECK(frames_get_block(frames, 1, y, &n, &failure));
    CHECK_EQ(n, 5);
    CHECK_BITS(y, x + FRAMES_BLOCK * DIM, n * DIM);
    frames_free(frames);
}

/* A killed training must not leave gigabytes behind. */
static void the_cache_file_has_no_name(void)
{
    struct frames *frames;
    int n = -2;
    mkdir(scratch("empty"), 0777);
    CHECK(frames_new(&frames, 2, scratch("empty"), &failure));
    DIR *folder = opendir(scratch("empty"));
    while (readdir(folder)) n++;
    closedir(folder);
    frames_free(frames);
    CHECK_EQ(n, 0);
}

static void a_missing_folder_is_named(void)
{
    struct frames *frames;
    CHECK(!frames_new(&frames, 2, "/nowhere/at/all", &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK(strstr(failure.text, "/nowhere/at/all: the cache file"));
    CHECK(strstr(failure.text, "--cache-dir"));
}

static void a_full_disk_is_said(void)
{
    struct frames *frames;
    static float x[4096];
    struct rlimit old, small = {8192, 8192};
    CHECK(frames_new(&frames, 4096, scratch("."), &failure));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    bool good = frames_put(frames, 0, x, 1, &failure);
    setrlimit(RLIMIT_FSIZE, &old);
    frames_free(frames);
    CHECK(!good);
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK(strstr(failure.text, "cannot grow"));
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(what_is_put_is_got_back);
    RUN(the_cache_file_has_no_name);
    RUN(a_missing_folder_is_named);
    RUN(a_full_disk_is_said);
    return check_done();
}

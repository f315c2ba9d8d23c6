/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_setaffinity, and scratch.h */
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/parallel.h"

#include <sched.h>
#include <stdatomic.h>

static struct failure failure;

static void a_quota_of_a_container_is_rounded_up_to_whole_processors(void)
{
    CHECK_EQ(parallel_quota(scratch_text("max", "200000 100000\n")), 2);
    CHECK_EQ(parallel_quota(scratch_text("max", "150000 100000\n")), 2);
    CHECK_EQ(parallel_quota(scratch_text("max", "1000 100000\n")), 1);
}

static void no_quota_is_no_limit(void)
{
    CHECK_EQ(parallel_quota(scratch_text("max", "max 100000\n")), 0);
    CHECK_EQ(parallel_quota(scratch_text("max", "")), 0);
    CHECK_EQ(parallel_quota(scratch_text("max", "5\n")), 0);
    CHECK_EQ(parallel_quota(scratch_text("max", "-1 100000\n")), 0);
    CHECK_EQ(parallel_quota(scratch_text("max", "100 0\n")), 0);
    CHECK_EQ(parallel_quota(scratch_text("max", "1e30 1\n")), 0);
    CHECK_EQ(parallel_quota(scratch("none")), 0);
}

static void jobs_that_were_asked_for_are_taken_as_they_are(void)
{
    CHECK_EQ(parallel_jobs(1), 1);
    CHECK_EQ(parallel_jobs(200), 200);
}

static void the_default_is_the_processors_of_the_process_not_of_the_machine(void)
{
    cpu_set_t all, one;
    if (sched_getaffinity(0, sizeof all, &all) != 0) return;
    int n_all = (int)parallel_jobs(0);
    CHECK(n_all >= 1 && n_all <= CPU_COUNT(&all));
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
        if (CPU_ISSET(i, &all)) CPU_SET(i, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) return;
    CHECK_EQ(parallel_jobs(0), 1);
    sched_setaffinity(0, sizeof all, &all);
}

static bool count(void *context, size_t worker, size_t i, struct failure *why)
{
    atomic_int *done = context;
    if (i == 7 || i == 9) return fail(why, EXIT_INPUT, "piece %zu", i);
    return atomic_fetch_add(&done[i], 1) == 0 && worker < 4;
}

static void every_piece_is_done_once(void)
{
    atomic_int done[7] = {0};
    CHECK(parallel_for(7, 4, count, done, &failure));
    for (int i = 0; i < 7; i++) CHECK_EQ(done[i], 1);
    CHECK(parallel_for(0, 4, count, done, &failure));
}

static void the_lowest_piece_that_fails_is_told(void)
{
    atomic_int done[10] = {0};
    CHECK(!parallel_for(10, 1, count, done, &failure));
    CHECK_STR(failure.text, "piece 7");
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(a_quota_of_a_container_is_rounded_up_to_whole_processors);
    RUN(no_quota_is_no_limit);
    RUN(jobs_that_were_asked_for_are_taken_as_they_are);
    RUN(the_default_is_the_processors_of_the_process_not_of_the_machine);
    RUN(every_piece_is_done_once);
    RUN(the_lowest_piece_that_fails_is_told);
    return check_done();
}

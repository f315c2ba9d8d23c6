/* SPDX-License-Identifier: MIT */
/* The bar of a training is that of the whole training. If this fails, somebody who looks at it
   after an hour cannot tell whether another hour or another day is to come. */
#include "tests/support/check.h"

#include "tools/base/monotonic.h"
#include "tools/train/schedule.h"

#include <math.h>

static struct messages messages = {.quiet = true};
static const struct settings settings;

static void plan(struct schedule *schedule, size_t n_pass, size_t n_clustering)
{
    schedule_start(schedule, &messages, &settings, 0, NULL);
    schedule->planned[SCHEDULE_PASS] = n_pass;
    schedule->planned[SCHEDULE_CLUSTERING] = n_clustering;
}

/* One step as if it had begun `ago` seconds before now. */
static double next(struct schedule *schedule, enum schedule_step step, double ago)
{
    schedule_next(schedule, step);
    schedule->step_start_s -= ago;
    return monotonic_s();
}

static bool near(double a, double b)
{
    return fabs(a - b) < 0.01;
}

static void half_of_the_first_of_two_passes_is_a_quarter(void)
{
    struct schedule schedule;
    plan(&schedule, 2, 0);
    double now = next(&schedule, SCHEDULE_PASS, 10);
    CHECK(near(schedule_fraction(&schedule, 0.5, now), 0.25));
}

static void steps_to_come_last_as_long_as_their_kind_did(void)
{
    struct schedule schedule;
    plan(&schedule, 3, 2);
    next(&schedule, SCHEDULE_PASS, 10);
    next(&schedule, SCHEDULE_CLUSTERING, 30);
    double now = next(&schedule, SCHEDULE_PASS, 5);
    /* 45 s are over; to come: 5 s of this pass, one pass of 10 s, one clustering of 30 s. */
    CHECK(near(schedule_fraction(&schedule, 0.5, now), 45.0 / 90));
}

static void a_step_that_cannot_tell_where_it_is_lasts_as_long_as_the_one_before(void)
{
    struct schedule schedule;
    plan(&schedule, 0, 2);
    next(&schedule, SCHEDULE_CLUSTERING, 40);
    double now = next(&schedule, SCHEDULE_CLUSTERING, 10);
    CHECK(near(schedule_fraction(&schedule, -1, now), 50.0 / 80));
}

static void the_bar_never_goes_back(void)
{
    struct schedule schedule;
    plan(&schedule, 2, 1);
    next(&schedule, SCHEDULE_PASS, 10);
    schedule_update(&schedule, 0.9, 100, "");
    double shown = schedule.fraction;
    next(&schedule, SCHEDULE_CLUSTERING, 1000);
    schedule_update(&schedule, 0.01, 100, "");
    CHECK(schedule.fraction == shown && shown > 0);
}

static void passes_are_counted_as_they_will_be_made(void)
{
    static const struct settings lda = {.lda = 30, .warp = 1.5, .codebooks = 1};
    static const struct settings pca = {.pca = 20, .warp = 1.5, .codebooks = 2};
    static const struct settings plain = {.codebooks = 1, .normalise = NORMALISE_NONE};
    const uint32_t second_round = 1;
    struct schedule schedule;
    schedule_start(&schedule, &messages, &lda, 2, NULL);
    CHECK(schedule.planned[SCHEDULE_PASS] == 10 && schedule.planned[SCHEDULE_CLUSTERING] == 3);
    schedule_start(&schedule, &messages, &lda, 2, &second_round);
    CHECK(schedule.planned[SCHEDULE_PASS] == 5 && schedule.planned[SCHEDULE_CLUSTERING] == 2);
    schedule_start(&schedule, &messages, &pca, 0, NULL);
    CHECK(schedule.planned[SCHEDULE_PASS] == 4 && schedule.planned[SCHEDULE_CLUSTERING] == 2);
    schedule_start(&schedule, &messages, &plain, 0, NULL);
    CHECK(schedule.planned[SCHEDULE_PASS] == 1 && schedule.planned[SCHEDULE_CLUSTERING] == 1);
}

int main(void)
{
    RUN(passes_are_counted_as_they_will_be_made);
    RUN(half_of_the_first_of_two_passes_is_a_quarter);
    RUN(steps_to_come_last_as_long_as_their_kind_did);
    RUN(a_step_that_cannot_tell_where_it_is_lasts_as_long_as_the_one_before);
    RUN(the_bar_never_goes_back);
    return check_done();
}

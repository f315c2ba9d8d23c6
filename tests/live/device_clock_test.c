/* SPDX-License-Identifier: MIT */
/* Clocks drift by a third of a second an hour; only what never came may be called a gap. */
#include "tests/support/check.h"
#include "tests/support/random.h"

#include "tools/live/device_clock.h"

#include <math.h>

enum { RATE = 16000, PERIOD = 320 };

/* A device that is fast by ppm, whose blocks are stamped up to 4 ms late. */
struct device {
    struct device_clock clock;
    double ppm, began_s, worst_late_s, worst_early_s;
    uint64_t frame, seed;
};

static double stamp(struct device *d)
{
    double jitter_s = 0.004 * (double)random_below(&d->seed, 1000) / 1000;
    return d->began_s + (double)d->frame / (RATE * (1 + d->ppm * 1e-6)) + jitter_s;
}

static void begin(struct device *d, double ppm)
{
    *d = (struct device){.ppm = ppm, .began_s = 1.8e9, .seed = 3};
    device_clock_start(&d->clock, RATE, 0, stamp(d));
}

static void run(struct device *d, double seconds)
{
    uint64_t end = d->frame + (uint64_t)(seconds * RATE);
    d->worst_late_s = d->worst_early_s = 0;
    for (; d->frame < end; d->frame += PERIOD) {
        double at_s = stamp(d), late_s = device_clock_late(&d->clock, d->frame, at_s);
        d->worst_late_s = fmax(d->worst_late_s, late_s);
        d->worst_early_s = fmin(d->worst_early_s, late_s);
        device_clock_learn(&d->clock, d->frame, PERIOD, at_s);
    }
}

static void hours_of_drift_are_no_gap(void)
{
    static const double ppm[] = {0, 100, -100, 500, -500};
    for (size_t i = 0; i < sizeof ppm / sizeof ppm[0]; i++) {
        struct device d;
        begin(&d, ppm[i]);
        run(&d, 3 * 3600);
        CHECK(d.worst_late_s < 0.020);
        CHECK(d.worst_late_s < device_clock_tolerance(&d.clock) / 2 || fabs(ppm[i]) > 100);
    }
}

static void the_rate_is_measured_to_a_few_millionths(void)
{
    struct device d;
    begin(&d, 80);
    run(&d, 120);
    CHECK(fabs(device_clock_rate(&d.clock) / RATE - 1 - 80e-6) < 10e-6);
}

static void a_step_is_seen_with_its_length_at_any_time(void)
{
    static const double after_s[] = {2, 40, 1000};
    for (size_t i = 0; i < 3; i++) {
        struct device d;
        begin(&d, -100);
        run(&d, after_s[i]);
        d.began_s += 0.060;
        double late_s = device_clock_late(&d.clock, d.frame, stamp(&d));
        CHECK(late_s > device_clock_tolerance(&d.clock));
        CHECK(fabs(late_s - 0.060) < 0.006);
    }
}

static void long_periods_are_tolerated(void)
{
    struct device d;
    begin(&d, 0);
    CHECK(device_clock_tolerance(&d.clock) == 0.020);
    device_clock_learn(&d.clock, 0, 960, d.began_s);
    CHECK(fabs(device_clock_tolerance(&d.clock) - 0.120) < 1e-9);
}

static void setting_the_time_of_day_is_no_gap(void)
{
    struct device d;
    begin(&d, 50);
    run(&d, 100);
    d.began_s += 3600;
    device_clock_shift(&d.clock, 3600);
    run(&d, 100);
    CHECK(d.worst_late_s < 0.010 && d.worst_early_s > -0.010);
}

int main(void)
{
    RUN(hours_of_drift_are_no_gap);
    RUN(the_rate_is_measured_to_a_few_millionths);
    RUN(a_step_is_seen_with_its_length_at_any_time);
    RUN(long_periods_are_tolerated);
    RUN(setting_the_time_of_day_is_no_gap);
    return check_done();
}

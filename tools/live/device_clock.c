/* SPDX-License-Identifier: MIT */
#include "tools/live/device_clock.h"

#include <math.h>
#include <string.h>

#define FIT_S 30
#define LEAST_TOLERANCE_S 0.020

void device_clock_start(struct device_clock *clock, double nominal_hz, uint64_t frame, double at_s)
{
    *clock = (struct device_clock){.nominal_hz = nominal_hz,
                                   .origin_frame = frame,
                                   .origin_s = at_s,
                                   .seconds_per_frame = 1 / nominal_hz,
                                   .second_began_s = at_s};
}

double device_clock_late(const struct device_clock *clock, uint64_t frame, double at_s)
{
    double n = (double)(int64_t)(frame - clock->origin_frame);
    return at_s - (clock->origin_s + n * clock->seconds_per_frame);
}

double device_clock_tolerance(const struct device_clock *clock)
{
    return fmax(LEAST_TOLERANCE_S, 2 * clock->period_s);
}

/* Fits a least-squares line through the points; its origin is the oldest point. */
static void fit(struct device_clock *clock)
{
    const struct device_clock_point *point = clock->point;
    size_t n = clock->n_point;
    double mean_x = 0, mean_t = 0, xx = 0, xt = 0;
    for (size_t i = 0; i < n; i++) {
        mean_x += (double)(point[i].frame - point[0].frame) / (double)n;
        mean_t += (point[i].at_s - point[0].at_s) / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        double x = (double)(point[i].frame - point[0].frame) - mean_x;
        xx += x * x;
        xt += x * (point[i].at_s - point[0].at_s - mean_t);
    }
    if (xx <= 0 || xt <= 0) return;
    clock->seconds_per_frame = xt / xx;
    clock->origin_frame = point[0].frame;
    clock->origin_s = point[0].at_s + mean_t - mean_x * clock->seconds_per_frame;
}

static void begin_second(struct device_clock *clock, double at_s)
{
    if (clock->n_point == DEVICE_CLOCK_POINTS) {
        memmove(clock->point, clock->point + 1, (clock->n_point - 1) * sizeof clock->point[0]);
        clock->n_point--;
    }
    clock->second_began_s = at_s;
    clock->point[clock->n_point++].late_s = INFINITY;
}

void device_clock_learn(struct device_clock *clock, uint64_t frame, uint32_t n_frame, double at_s)
{
    double late = device_clock_late(clock, frame, at_s);
    clock->period_s = fmax(clock->period_s, n_frame / clock->nominal_hz);
    if (clock->n_point == 0 || at_s >= clock->second_began_s + 1) {
        if (clock->n_point > 1 && at_s - clock->point[0].at_s >= FIT_S) fit(clock);
        late = device_clock_late(clock, frame, at_s);
        begin_second(clock, at_s);
    }
    struct device_clock_point *last = &clock->point[clock->n_point - 1];
    if (late < last->late_s) *last = (struct device_clock_point){frame, at_s, late};

    /* Until there is a fit, the earliest block determines the origin. */
    if (late < 0 && clock->seconds_per_frame == 1 / clock->nominal_hz) clock->origin_s += late;
}

void device_clock_shift(struct device_clock *clock, double seconds)
{
    clock->origin_s += seconds;
    clock->second_began_s += seconds;
    for (size_t i = 0; i < clock->n_point; i++) clock->point[i].at_s += seconds;
}

double device_clock_rate(const struct device_clock *clock)
{
    return 1 / clock->seconds_per_frame;
}

/* SPDX-License-Identifier: MIT */
/* The device's own rate against the computer's clock. Every frame of a device has a number and a
   time; they lie on a line, whose slope is fitted once there are 30 seconds. Frames that come
   later than the line says were preceded by frames that never came. */
#ifndef VOQ_TOOLS_DEVICE_CLOCK_H
#define VOQ_TOOLS_DEVICE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

enum { DEVICE_CLOCK_POINTS = 64 };

struct device_clock {
    double nominal_hz;
    double period_s; /* the device's, as far as its blocks tell */
    /* The line: frame `origin_frame` is at origin_s, seconds_per_frame apart from the next. */
    uint64_t origin_frame;
    double origin_s, seconds_per_frame;
    /* The promptest block of each of the last seconds, oldest first. */
    struct device_clock_point {
        uint64_t frame;
        double at_s, late_s;
    } point[DEVICE_CLOCK_POINTS];
    size_t n_point;
    double second_began_s;
};

/* The first block of a stream: its first frame is number `frame`. */
void device_clock_start(struct device_clock *clock, double nominal_hz, uint64_t frame, double at_s);

/* Seconds by which a frame is later than it should be; near 0 as long as none was lost. */
double device_clock_late(const struct device_clock *clock, uint64_t frame, double at_s);

/* What may still be a device that is not quite regular: 20 ms, or two periods. */
double device_clock_tolerance(const struct device_clock *clock);

/* A block in its place (frames lost before it are counted in `frame`): the line learns from it. */
void device_clock_learn(struct device_clock *clock, uint64_t frame, uint32_t n_frame, double at_s);

/* Somebody has set the clock that the times come from. */
void device_clock_shift(struct device_clock *clock, double seconds);

double device_clock_rate(const struct device_clock *clock); /* fitted, or nominal, Hz */

#endif

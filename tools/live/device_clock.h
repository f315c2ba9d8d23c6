/* SPDX-License-Identifier: MIT */
/* Fits the device's own rate against the computer's clock. Each frame has a number and a time,
   which are on a line; its slope is fitted after 30 seconds. If frames come later than the line
   predicts, frames before them were lost. */
#ifndef VOQ_TOOLS_DEVICE_CLOCK_H
#define VOQ_TOOLS_DEVICE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

enum { DEVICE_CLOCK_POINTS = 64 };

struct device_clock {
    double nominal_hz;
    double period_s; /* longest block so far */
    /* The line: frame n is at origin_s + (n - origin_frame) * seconds_per_frame. */
    uint64_t origin_frame;
    double origin_s, seconds_per_frame;
    /* The earliest block of each of the last seconds, oldest first. */
    struct device_clock_point {
        uint64_t frame;
        double at_s, late_s;
    } point[DEVICE_CLOCK_POINTS];
    size_t n_point;
    double second_began_s;
};

/* Call for the first block of a stream, whose first frame has number `frame`. */
void device_clock_start(struct device_clock *clock, double nominal_hz, uint64_t frame, double at_s);

/* Seconds by which a frame is later than predicted; near 0 as long as none was lost. */
double device_clock_late(const struct device_clock *clock, uint64_t frame, double at_s);

/* The lateness in seconds that jitter of the device may cause: 20 ms, or two periods. */
double device_clock_tolerance(const struct device_clock *clock);

/* Updates the line with a block; `frame` counts the frames lost before it. */
void device_clock_learn(struct device_clock *clock, uint64_t frame, uint32_t n_frame, double at_s);

/* Call when the clock of the times was set by so many seconds. */
void device_clock_shift(struct device_clock *clock, double seconds);

double device_clock_rate(const struct device_clock *clock); /* fitted, or nominal, Hz */

#endif

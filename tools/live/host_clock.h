/* SPDX-License-Identifier: MIT */
/* Converts a host API's time stamps to the monotonic clock. ALSA stamps blocks with the time of
   day, which may be set; JACK with seconds since it started. */
#ifndef VOQ_TOOLS_HOST_CLOCK_H
#define VOQ_TOOLS_HOST_CLOCK_H

#include "tools/base/monotonic.h"

#include <stdbool.h>

enum host_clock_kind { HOST_CLOCK_UNKNOWN, HOST_CLOCK_DAY, HOST_CLOCK_MONOTONIC, HOST_CLOCK_OWN };

struct host_clock {
    enum host_clock_kind kind;
    double ahead_s; /* host clock minus monotonic clock */
};

double wall_s(void); /* Unix time */

/* Call before the first stamp of a stream. */
void host_clock_start(struct host_clock *clock);

/* Call with each recent stamp. Returns by how many seconds the clock was set since the previous
   stamp; almost always 0. */
double host_clock_note(struct host_clock *clock, double stamp_s);

/* The monotonic time of a stamp; call it after host_clock_note. */
double host_clock_monotonic(const struct host_clock *clock, double stamp_s);

#endif

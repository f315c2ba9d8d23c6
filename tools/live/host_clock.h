/* SPDX-License-Identifier: MIT */
/* A host API stamps blocks with a clock of its own: ALSA with the time of day, which somebody may
   set, JACK with seconds since it started. Here its times become those of the monotonic clock. */
#ifndef VOQ_TOOLS_HOST_CLOCK_H
#define VOQ_TOOLS_HOST_CLOCK_H

#include "tools/base/monotonic.h"

#include <stdbool.h>

enum host_clock_kind { HOST_CLOCK_UNKNOWN, HOST_CLOCK_DAY, HOST_CLOCK_MONOTONIC, HOST_CLOCK_OWN };

struct host_clock {
    enum host_clock_kind kind;
    double ahead_s; /* of the monotonic clock */
};

double wall_s(void); /* Unix time */

/* Before the first stamp of a stream. */
void host_clock_start(struct host_clock *clock);

/* A stamp that was made a moment ago. Returns by how many seconds somebody has set the clock since
   the stamp before; 0 almost always. */
double host_clock_note(struct host_clock *clock, double stamp_s);

/* The monotonic clock at that time; after host_clock_note. */
double host_clock_monotonic(const struct host_clock *clock, double stamp_s);

#endif

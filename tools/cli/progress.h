/* SPDX-License-Identifier: MIT */
/* How far a long run is: on a terminal a bar with rate and time left, drawn at most ten times a
   second; elsewhere a plain line every ten seconds. One thread at a time. */
#ifndef VOQ_TOOLS_PROGRESS_H
#define VOQ_TOOLS_PROGRESS_H

#include "tools/cli/messages.h"

#include <stddef.h>

struct progress {
    struct messages *messages;
    const char *rate_unit; /* "x real time", "frames/s": what amount per second is called */
    double start_s;        /* monotonic clock */
    double shown_s;        /* when last shown */
    bool ever_shown;
};

/* With --quiet nothing is shown. */
void progress_start(struct progress *progress, struct messages *messages, const char *rate_unit);

/* fraction of the work done, 0 to 1 (negative: unknown, then no bar and no time left); amount so
   far in what rate_unit counts; detail is short: "12 of 300 files". Cheap when nothing is due. */
void progress_update(struct progress *progress, double fraction, double amount,
                     const char *detail);

/* Removes the bar. Where anything was shown, says the last state in one line. */
void progress_finish(struct progress *progress, double amount, const char *detail);

#endif

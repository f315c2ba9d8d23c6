/* SPDX-License-Identifier: MIT */
/* Progress of a long run: on a terminal a bar with rate and time left, drawn at most ten times per
   second; elsewhere a plain line every ten seconds. One thread at a time. */
#ifndef VOQ_TOOLS_PROGRESS_H
#define VOQ_TOOLS_PROGRESS_H

#include "tools/cli/messages.h"

#include <stddef.h>

struct progress {
    struct messages *messages;
    const char *rate_unit; /* "x real time", "frames/s": the unit of amount per second */
    double start_s;        /* monotonic clock */
    double shown_s;        /* when last shown */
    double first_s, first_fraction; /* of the first update: a resumed run begins behind 0 */
    bool ever_updated, ever_shown;
};

/* Nothing is shown with --quiet. */
void progress_start(struct progress *progress, struct messages *messages, const char *rate_unit);

/* fraction: the share of the work that is done, 0 to 1; negative if unknown, which shows no bar and
   no time left. amount: so far, per second in rate_unit. detail: short, as "12 of 300 files". */
void progress_update(struct progress *progress, double fraction, double amount,
                     const char *detail);

/* Removes the bar. If anything was shown, prints the final state in one line. */
void progress_finish(struct progress *progress, double amount, const char *detail);

#endif

/* SPDX-License-Identifier: MIT */
#include "tools/live/host_clock.h"

#include <math.h>
#include <time.h>

#define SAME_CLOCK_S 60 /* stamps within this distance of a clock come from it */
#define SET_S 0.001     /* smaller steps are inaccuracy of reading two clocks */

double wall_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Time of day minus monotonic time. The time of day is read between two readings of the monotonic
   clock, and again if these are far apart. */
static double day_ahead(void)
{
    double ahead = 0, least = INFINITY;
    for (int i = 0; i < 8 && least > 20e-6; i++) {
        double before = monotonic_s(), day = wall_s(), after = monotonic_s();
        if (after - before >= least) continue;
        least = after - before;
        ahead = day - 0.5 * (before + after);
    }
    return ahead;
}

void host_clock_start(struct host_clock *clock)
{
    *clock = (struct host_clock){HOST_CLOCK_UNKNOWN, 0};
}

static void recognise(struct host_clock *clock, double stamp_s, double day_ahead_s)
{
    double now = monotonic_s();
    clock->kind = fabs(stamp_s - now - day_ahead_s) < SAME_CLOCK_S ? HOST_CLOCK_DAY
                  : fabs(stamp_s - now) < SAME_CLOCK_S               ? HOST_CLOCK_MONOTONIC
                                                                     : HOST_CLOCK_OWN;
    clock->ahead_s = clock->kind == HOST_CLOCK_DAY   ? day_ahead_s
                     : clock->kind == HOST_CLOCK_OWN ? stamp_s - now
                                                     : 0;
}

double host_clock_note(struct host_clock *clock, double stamp_s)
{
    if (clock->kind == HOST_CLOCK_MONOTONIC) return 0;
    if (clock->kind == HOST_CLOCK_OWN) {
        /* A stamp is read some time after it was made; the least delay is the most accurate. */
        clock->ahead_s = fmax(clock->ahead_s, stamp_s - monotonic_s());
        return 0;
    }
    double ahead = day_ahead();
    if (clock->kind == HOST_CLOCK_UNKNOWN) {
        recognise(clock, stamp_s, ahead);
        return 0;
    }
    double step = ahead - clock->ahead_s;
    if (fabs(step) < SET_S) return 0;
    clock->ahead_s = ahead;
    return step;
}

double host_clock_monotonic(const struct host_clock *clock, double stamp_s)
{
    return stamp_s - clock->ahead_s;
}

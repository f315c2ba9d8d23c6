/* SPDX-License-Identifier: MIT */
#include "tools/learn/schedule_rate.h"

#include "tools/learn/elementary.h"

double schedule_rate_at(const struct schedule_rate *schedule, uint64_t step)
{
    const double pi = 0x1.921fb54442d18p+1;
    uint64_t n_warm = schedule->n_warm, n_step = schedule->n_step;
    if (step < n_warm) return schedule->peak * (double)(step + 1) / (double)n_warm;
    if (step >= n_step) return schedule->last;
    double done = (double)(step - n_warm) / (double)(n_step - n_warm);
    return schedule->last + (schedule->peak - schedule->last) * .5 * (1 + exact_cos(pi * done));
}

/* SPDX-License-Identifier: MIT */
/* Time that nobody sets. */
#ifndef VOQ_TOOLS_MONOTONIC_H
#define VOQ_TOOLS_MONOTONIC_H

/* Seconds of the system's monotonic clock. */
double monotonic_s(void);

#endif

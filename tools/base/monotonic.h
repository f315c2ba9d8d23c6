/* SPDX-License-Identifier: MIT */
/* A clock that no one can set. */
#ifndef VOQ_TOOLS_MONOTONIC_H
#define VOQ_TOOLS_MONOTONIC_H

/* Seconds of the system's monotonic clock. */
double monotonic_s(void);

#endif

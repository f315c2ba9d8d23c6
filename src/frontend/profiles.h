/* SPDX-License-Identifier: MIT */
#ifndef VOQ_PROFILES_H
#define VOQ_PROFILES_H

#include "voq.h"

/* Checks that a front end is possible and within limits; on failure *what is the reason. VERSION: a
   choice is above those that this version knows, and only a newer one can check the rest. */
voq_status voq_frontend_check(const voq_frontend *frontend, const char **what);

/* True for options that need the whole signal before the first frame. */
int voq_frontend_needs_whole_signal(const voq_frontend *frontend);

#endif

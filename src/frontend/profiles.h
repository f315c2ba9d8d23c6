/* SPDX-License-Identifier: MIT */
#ifndef VOQ_PROFILES_H
#define VOQ_PROFILES_H

#include "voq.h"

/* Whether a front end is possible and within limits; `what` gets a sentence where not. VERSION: a
   choice is above those that this voq knows; whether the rest is possible then only a newer voq
   can tell. */
voq_status voq_frontend_check(const voq_frontend *frontend, const char **what);

/* True for options that need the whole signal before the first frame. */
int voq_frontend_needs_whole_signal(const voq_frontend *frontend);

#endif

/* SPDX-License-Identifier: MIT */
/* --profile and --set, shared by all commands that have them. */
#ifndef VOQ_TOOLS_OPTION_FRONTEND_H
#define VOQ_TOOLS_OPTION_FRONTEND_H

#include "tools/cli/options.h"
#include "voq.h"

/* Fills *frontend, struct_size included, from a named profile. EXIT_USAGE lists the profiles. */
bool option_frontend_profile(const char *profile, voq_frontend *frontend, struct failure *failure);

/* Applies each KEY=VALUE and checks the result. EXIT_USAGE quotes the option as it was given. */
bool option_frontend_set(const struct option_texts *set, voq_frontend *frontend,
                         struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* --profile and --set of every command that has them. */
#ifndef VOQ_TOOLS_OPTION_FRONTEND_H
#define VOQ_TOOLS_OPTION_FRONTEND_H

#include "tools/cli/options.h"
#include "voq.h"

/* The front end of this name, with its struct_size. EXIT_USAGE lists the names there are. */
bool option_frontend_profile(const char *profile, voq_frontend *frontend, struct failure *failure);

/* Applies each KEY=VALUE and checks the result. EXIT_USAGE names the option in the user's words. */
bool option_frontend_set(const struct option_texts *set, voq_frontend *frontend,
                         struct failure *failure);

#endif

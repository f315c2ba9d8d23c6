/* SPDX-License-Identifier: MIT */
/* Do the options that were given fit what the command is about to do? None is dropped in silence:
   a command has a table of what each option needs. */
#ifndef VOQ_TOOLS_OPTION_FIT_H
#define VOQ_TOOLS_OPTION_FIT_H

#include "tools/cli/options.h"

struct option_rule {
    const char *option;
    bool fits;
    const char *why; /* "--option" stands before it; and what to do */
};

/* Of a table that keeps what was given. */
bool option_is_given(const struct option_table *table, const void *values, const char *option);

/* EXIT_USAGE for the first rule[n] whose option was given and does not fit. */
bool option_fit(const struct option_table *table, const void *values,
                const struct option_rule *rule, size_t n, struct failure *failure);

#endif

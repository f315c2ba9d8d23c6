/* SPDX-License-Identifier: MIT */
/* Checks that the given options fit what the command is about to do. No option is silently
   ignored: each command has a table of what its options need. */
#ifndef VOQ_TOOLS_OPTION_FIT_H
#define VOQ_TOOLS_OPTION_FIT_H

#include "tools/cli/options.h"

struct option_rule {
    const char *option;
    bool fits;
    const char *why; /* printed after "--option"; says what to do too */
};

/* The table must have the member `given`. */
bool option_is_given(const struct option_table *table, const void *values, const char *option);

/* EXIT_USAGE for the first rule[n] whose option was given and does not fit. */
bool option_fit(const struct option_table *table, const void *values,
                const struct option_rule *rule, size_t n, struct failure *failure);

#endif

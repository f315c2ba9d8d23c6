/* SPDX-License-Identifier: MIT */
#include "tools/cli/option_fit.h"

#include <string.h>

bool option_is_given(const struct option_table *table, const void *values, const char *option)
{
    const struct options_given *given = (const void *)((const char *)values + table->given);
    for (size_t i = 0; i < table->n_row && i < OPTIONS_MOST; i++)
        if (given->row[i] && strcmp(table->row[i].name, option) == 0) return true;
    return false;
}

bool option_fit(const struct option_table *table, const void *values,
                const struct option_rule *rule, size_t n, struct failure *failure)
{
    for (size_t i = 0; i < n; i++)
        if (!rule[i].fits && option_is_given(table, values, rule[i].option))
            return fail(failure, EXIT_USAGE, "--%s %s", rule[i].option, rule[i].why);
    return true;
}

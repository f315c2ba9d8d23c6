/* SPDX-License-Identifier: MIT */
/* Checks options of `voq encode` and `voq convert` that only some output formats have. */
#ifndef VOQ_TOOLS_FORMAT_FIT_H
#define VOQ_TOOLS_FORMAT_FIT_H

#include "tools/cli/options.h"
#include "tools/formats/format.h"

/* One of the two formats is NULL. EXIT_USAGE names the option and the format. */
bool format_fit(const struct option_table *table, const void *values,
                const struct unit_format *units, const struct feature_format *features,
                struct failure *failure);

#endif

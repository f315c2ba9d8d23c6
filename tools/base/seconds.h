/* SPDX-License-Identifier: MIT */
/* Times in seconds as fields of a line: one number grammar and one message for all text formats. */
#ifndef VOQ_TOOLS_SECONDS_H
#define VOQ_TOOLS_SECONDS_H

#include "tools/base/line_reader.h"

#include <stdint.h>

/* Reads `text` by parse_microseconds. Fails with "FILE:LINE: WHAT 'TEXT' is not a time in seconds"
   about the line read last. */
bool seconds_read(const struct line_reader *reader, const char *what, const char *text,
                  int64_t *us, struct failure *failure);

/* The same; a time below 0 fails too, unless it rounds to 0. */
bool seconds_read_from_0(const struct line_reader *reader, const char *what, const char *text,
                         int64_t *us, struct failure *failure);

#endif

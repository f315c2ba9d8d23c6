/* SPDX-License-Identifier: MIT */
#include "tools/base/seconds.h"

#include "tools/base/number.h"

bool seconds_read(const struct line_reader *reader, const char *what, const char *text,
                  int64_t *us, struct failure *failure)
{
    return parse_microseconds(text, us) ||
           line_reader_fail(reader, failure, "%s '%s' is not a time in seconds", what, text);
}

bool seconds_read_from_0(const struct line_reader *reader, const char *what, const char *text,
                         int64_t *us, struct failure *failure)
{
    if (!seconds_read(reader, what, text, us, failure)) return false;
    return *us >= 0 || line_reader_fail(reader, failure,
                                        "%s '%s' is not a time in seconds, 0 or more", what, text);
}

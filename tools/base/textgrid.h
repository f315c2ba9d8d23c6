/* SPDX-License-Identifier: MIT */
/* The interval tiers of a Praat TextGrid, long or short form, UTF-8 or UTF-16. Point tiers are
   skipped. */
#ifndef VOQ_TOOLS_TEXTGRID_H
#define VOQ_TOOLS_TEXTGRID_H

#include "tools/base/textgrid_tokens.h"

struct textgrid {
    struct textgrid_tokens tokens;
    uint64_t n_tier;     /* not read yet, point tiers included */
    uint64_t n_interval; /* not read yet in this tier */
};

struct textgrid_interval {
    int64_t start_us, end_us; /* start <= end */
    char *text;               /* valid until the next call; may be changed */
};

/* Whether the first n bytes of a file are those of a TextGrid. */
bool textgrid_is(const char *text, size_t n);

/* Reads the header from a reader that has read nothing. Clear it after a failure too. */
bool textgrid_begin(struct textgrid *grid, struct line_reader *reader, struct failure *failure);

/* Skips the rest of this tier. *name is valid until the next call, NULL after the last tier. */
bool textgrid_next_tier(struct textgrid *grid, const char **name, struct failure *failure);

/* *found = false after the last interval of the tier. */
bool textgrid_next_interval(struct textgrid *grid, struct textgrid_interval *interval, bool *found,
                            struct failure *failure);

void textgrid_clear(struct textgrid *grid); /* does not close the reader */

#endif

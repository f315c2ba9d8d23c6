/* SPDX-License-Identifier: MIT */
/* Reads a unit file of any format into a set of units. */
#ifndef VOQ_TOOLS_UNIT_SOURCE_H
#define VOQ_TOOLS_UNIT_SOURCE_H

#include "tools/eval/unit_set.h"
#include "tools/formats/unit_reader.h"

/* The facts that neither the user nor the file states. */
struct unit_source_guess {
    bool hop, rate; /* the default was used */
    bool codes;     /* the highest unit + 1 was used */
};

/* Reads and finishes *set. Runs become frames, gaps become frames without a unit, names lose folder
   and audio suffix. EXIT_INPUT: the first bad line, or an utterance without a name. */
bool unit_source_read(struct unit_set *set, const char *path,
                      const struct unit_reader_options *options, struct unit_source_guess *guess,
                      struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* A unit file of any format as a set of units. */
#ifndef VOQ_TOOLS_UNIT_SOURCE_H
#define VOQ_TOOLS_UNIT_SOURCE_H

#include "tools/eval/unit_set.h"
#include "tools/formats/unit_reader.h"

/* What the user did not state and the file does not hold. */
struct unit_source_guess {
    bool hop, rate; /* the default was taken */
    bool codes;     /* the highest unit + 1 was taken */
};

/* Reads and finishes *set. Runs become frames. Names lose folder and audio suffix. Fails
   (EXIT_INPUT) at the first bad line, at an utterance without a name or with lost audio. */
bool unit_source_read(struct unit_set *set, const char *path,
                      const struct unit_reader_options *options, struct unit_source_guess *guess,
                      struct failure *failure);

#endif

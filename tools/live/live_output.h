/* SPDX-License-Identifier: MIT */
/* Units on their way to standard output. A reader that is slow never holds up audio: what it does
   not take at once waits for it in a thread. What waits is bounded; units beyond are dropped,
   counted, and marked as a gap of the output. */
#ifndef VOQ_TOOLS_LIVE_OUTPUT_H
#define VOQ_TOOLS_LIVE_OUTPUT_H

#include "tools/formats/format.h"

/* The formats that are only here: one line a unit, one line a run ("UNIT FRAMES"); an empty line
   where units are missing. */
#define LIVE_FORMATS "ids|runs"

struct live_output_options {
    const char *format;      /* LIVE_FORMATS, or a unit format; NULL: units are not written */
    const char *name;        /* of the utterance */
    bool dedup;
    struct unit_facts facts;
    struct format_notes notes;
};

struct live_output;

/* Opens standard output and starts the thread. EXIT_USAGE for an unknown format. */
bool live_output_open(struct live_output **output, const struct live_output_options *options,
                      struct failure *failure);

/* The next unit, id[n_codebook], decided at this Unix time. These three never wait; one thread
   calls them. */
void live_output_unit(struct live_output *output, const uint32_t *id, double decided_s);

/* n_frame frames are missing here, because of `lost` samples. */
void live_output_gap(struct live_output *output, uint64_t n_frame, uint64_t lost, const char *why,
                     double decided_s);

/* What was given so far goes out now. */
void live_output_flush(struct live_output *output);

uint64_t live_output_dropped(const struct live_output *output); /* units */

/* Nothing more can be written: the reader went away, or it failed. From any thread. */
bool live_output_broken(const struct live_output *output);

/* Everything has been given: writes what waits and the end, however long the reader takes. Frees
   the output. A reader that went away is true. */
bool live_output_close(struct live_output *output, struct failure *failure);

#endif

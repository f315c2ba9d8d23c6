/* SPDX-License-Identifier: MIT */
/* Writes units to standard output. A slow reader never delays audio: what it does not accept at
   once is queued for a thread. The queue is bounded; units beyond it are dropped, counted, and
   marked as a gap in the output. */
#ifndef VOQ_TOOLS_LIVE_OUTPUT_H
#define VOQ_TOOLS_LIVE_OUTPUT_H

#include "tools/formats/format.h"

/* The formats of `voq live` alone: one line per unit, or one line per run ("UNIT FRAMES"); an empty
   line where units are missing. */
#define LIVE_FORMATS "ids|runs"

struct live_output_options {
    const char *format;      /* LIVE_FORMATS, or a unit format; NULL: units are not written */
    const char *name;        /* of the utterance */
    bool dedup;
    struct unit_facts facts;
    const char *const *label; /* [facts.n_code]; NULL: labels are not written */
    struct format_notes notes;
};

struct live_output;

/* Opens standard output and starts the thread. EXIT_USAGE for an unknown format. */
bool live_output_open(struct live_output **output, const struct live_output_options *options,
                      struct failure *failure);

/* Queues the next unit, id[n_codebook], decided at this Unix time. One thread makes this call and
   the next two, which never wait. */
void live_output_unit(struct live_output *output, const uint32_t *id, double decided_s);

/* Queues a gap of n_frame frames, caused by `lost` samples. */
void live_output_gap(struct live_output *output, uint64_t n_frame, uint64_t lost, const char *why,
                     double decided_s);

/* Writes everything queued so far, or wakes the thread that does. */
void live_output_flush(struct live_output *output);

uint64_t live_output_dropped(const struct live_output *output); /* units */

/* Whether writing has failed or the reader has gone away. May be called from any thread. */
bool live_output_broken(const struct live_output *output);

/* Writes the rest of the queue and the end, however long the reader takes. Frees the output.
   Returns true also if the reader has gone away. */
bool live_output_close(struct live_output *output, struct failure *failure);

#endif

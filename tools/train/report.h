/* SPDX-License-Identifier: MIT */
/* Reports of training while it runs and at the end. */
#ifndef VOQ_TRAIN_REPORT_H
#define VOQ_TRAIN_REPORT_H

#include "tools/train/collect.h"
#include "tools/train/lloyd.h"
#include "tools/train/schedule.h"

/* The result of one codebook. */
struct outcome {
    bool earlier; /* finished before the checkpoint; the rest is unknown */
    uint32_t iterations, n_revived, used;
    double distortion; /* mean squared distance */
    double perplexity;
    enum lloyd_stop stop;
};

struct summary {
    const char *output;
    const char *name, *hash;
    const struct collection *collection;
    uint64_t n_frame_sample; /* sample of the seeding; 0: started from a model */
    size_t n_failed;         /* inputs */
    uint32_t n_code, n_codebook;
    const struct outcome *outcome; /* [n_codebook] */
    double seconds;
};

struct outcome outcome_of(const struct lloyd_state *state, const struct totals *totals,
                          enum lloyd_stop stop);
const char *stop_text(enum lloyd_stop stop);

/* Prints one line per iteration; a terminal shows only the latest. */
void report_iteration(struct schedule *schedule, const char *what, uint32_t codebook,
                      uint32_t iterations, const struct lloyd_state *state,
                      const struct totals *totals);

void report_summary(struct messages *messages, const struct summary *summary);
bool train_report_json(const struct summary *summary, struct failure *failure); /* to stdout */

#endif

/* SPDX-License-Identifier: MIT */
/* How far a training is: its steps are passes over the corpus and clusterings, known beforehand.
   The bar and the time left are those of the whole training; steps to come are taken to last as
   long as those of their kind did so far. One thread at a time. */
#ifndef VOQ_TRAIN_SCHEDULE_H
#define VOQ_TRAIN_SCHEDULE_H

#include "tools/cli/progress.h"
#include "tools/train/train_settings.h"

enum schedule_step { SCHEDULE_PASS, SCHEDULE_CLUSTERING, SCHEDULE_KINDS };

struct schedule {
    struct progress progress;
    size_t planned[SCHEDULE_KINDS], begun[SCHEDULE_KINDS];
    double ended_s[SCHEDULE_KINDS]; /* seconds that the steps before took */
    enum schedule_step step;        /* under way */
    double step_start_s;
    double n_frame, step_frames;    /* of the steps before; of this one so far */
    double fraction;                /* the most that was shown */
};

/* The steps of a training with n_round rounds of discriminants; `resumed`, if not NULL, is the
   round in which its checkpoint was written. */
void schedule_start(struct schedule *schedule, struct messages *messages,
                    const struct settings *settings, uint32_t n_round, const uint32_t *resumed);

/* Begins the next step of a kind; the one under way has ended. */
void schedule_next(struct schedule *schedule, enum schedule_step step);

/* fraction of this step, 0 to 1, negative: unknown; its frames so far; detail as in progress.h. */
void schedule_update(struct schedule *schedule, double fraction, double n_frame,
                     const char *detail);

/* Of the whole training, at a time of the monotonic clock; for tests. */
double schedule_fraction(const struct schedule *schedule, double fraction, double now_s);

#endif

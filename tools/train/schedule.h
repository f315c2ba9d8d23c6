/* SPDX-License-Identifier: MIT */
/* Progress of a training: its steps are passes over the corpus and clusterings, known beforehand.
   Bar and time left refer to the whole training; future steps are assumed to take as long as past
   ones of their kind. One thread at a time. */
#ifndef VOQ_TRAIN_SCHEDULE_H
#define VOQ_TRAIN_SCHEDULE_H

#include "tools/cli/progress.h"
#include "tools/train/train_settings.h"

enum schedule_step { SCHEDULE_PASS, SCHEDULE_CLUSTERING, SCHEDULE_KINDS };

struct schedule {
    struct progress progress;
    size_t planned[SCHEDULE_KINDS], begun[SCHEDULE_KINDS];
    double ended_s[SCHEDULE_KINDS]; /* seconds of the finished steps */
    enum schedule_step step;        /* current step */
    double step_start_s;
    double n_frame, step_frames;    /* of finished steps; of the current one so far */
    double fraction;                /* the largest shown so far */
};

/* Plans the steps of a training with n_round rounds of discriminants; `resumed`, if not NULL, is
   the round in which its checkpoint was written. */
void schedule_start(struct schedule *schedule, struct messages *messages,
                    const struct settings *settings, uint32_t n_round, const uint32_t *resumed);

/* Ends the current step and begins the next, of the given kind. */
void schedule_next(struct schedule *schedule, enum schedule_step step);

/* fraction of the current step, 0 to 1, negative if unknown; n_frame: its frames so far; detail as
   in progress.h. */
void schedule_update(struct schedule *schedule, double fraction, double n_frame,
                     const char *detail);

/* The fraction of the whole training at a time of the monotonic clock; for tests. */
double schedule_fraction(const struct schedule *schedule, double fraction, double now_s);

#endif

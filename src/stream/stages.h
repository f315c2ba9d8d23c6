/* SPDX-License-Identifier: MIT */
/* Frames to feature vectors: the stages of a model behind its front end, in their order. Frames of
   the front end or vectors of the caller enter, a chunk at a time. As many leave as enter (with a
   stride, one for each of them), but the last ones only when the run ends. */
#ifndef VOQ_STAGES_H
#define VOQ_STAGES_H

#include "src/stream/stage.h"

#include <stdbool.h>

enum { MAX_DELTAS = 3, MAX_STAGES = MAX_DELTAS + 3 };

struct stages {
    struct stage stage[MAX_STAGES];
    size_t n_stage;
    size_t n_flushed; /* stages already flushed at the end */
    size_t chunk;     /* frames that may enter at a time */
    size_t late;      /* frames after the last one of its own that a feature waits for */
    size_t stride;    /* frames in for a feature out */
    float *frame;     /* [chunk][widest]: what enters, then what the last call made */
};

/* Lays the stages out for at least `chunk` frames at a time. */
void voq_stages_place(struct stages *stages, const voq_model *model, size_t chunk,
                      struct arena *arena);

void voq_stages_reset(struct stages *stages); /* a new stream begins */
void voq_stages_gap(struct stages *stages);   /* a new run begins; running statistics continue */

/* Takes n frames from stages->frame; leaves the features that they complete there and returns how
   many. */
size_t voq_stages_push(struct stages *stages, size_t n);

/* Ends the run; leaves features as push does. Call it until it returns 0. */
size_t voq_stages_finish(struct stages *stages);

#endif

/* SPDX-License-Identifier: MIT */
/* A stage of the chain behind the front end: frames in, frames out, in the same memory. */
#ifndef VOQ_STAGE_H
#define VOQ_STAGE_H

#include "src/model/model.h"

struct stage {
    const struct stage_kind *kind;
    const voq_model *model;
    void *state;
    size_t dim;    /* of a frame that leaves */
    size_t late;   /* frames that it waits for after the last one of its own */
    size_t stride; /* frames in for a frame out */
};

struct stage_kind {
    /* Takes frame[n][...], n at most the chunk, and leaves the frames that are complete in its
       place. Returns how many. */
    size_t (*push)(struct stage *stage, float *frame, size_t n);

    /* Ends the run of frames. Leaves what it held back as push does; call it until it returns 0. */
    size_t (*finish)(struct stage *stage, float *frame);

    void (*reset)(struct stage *stage); /* a new stream begins */
    void (*gap)(struct stage *stage);   /* a new run begins; running statistics continue */
};

/* Lay a stage out that takes chunk frames at a time, at least as many as it waits for. The delta
   stage appends the delta of `order` orders. */
struct stage voq_delta_stage(const voq_model *model, size_t order, size_t chunk,
                             struct arena *arena);
struct stage voq_normalise_stage(const voq_model *model, struct arena *arena);
struct stage voq_affine_stage(const voq_model *model, size_t chunk, struct arena *arena);
struct stage voq_encoder_stage(const voq_model *model, size_t chunk, struct arena *arena);

#endif

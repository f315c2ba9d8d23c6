/* SPDX-License-Identifier: MIT */
/* Frames to feature vectors: the stages of a model after its front end, in their order.

   Frames of a front end or vectors of the caller enter here, a block at a time; normalise changes
   them in place, stack waits for the frames to the right, affine maps each stack to a feature. A
   model without one of the stages skips it. As many frames leave as enter, but the last ones only
   when the sequence ends. */
#ifndef VOQ_TRANSFORMS_H
#define VOQ_TRANSFORMS_H

#include "src/model/model.h"
#include "src/stream/context.h"
#include "src/transform/normalise.h"

struct transforms {
    const voq_model *model;
    struct normalise_state normalise;
    struct context stack;
    float *row;     /* scratch of the affine kernel */
    float *feature; /* [chunk][dim]: the result of the last call */
};

/* At most `chunk` frames are pushed at a time; chunk is at least stack_right. */
void voq_transforms_place(struct transforms *transforms, const voq_model *model, size_t chunk,
                          struct arena *arena);

/* Starts a new sequence; the running statistics continue. */
void voq_transforms_begin(struct transforms *transforms);

/* Sets the running statistics to the model's prior. */
void voq_transforms_reset(struct transforms *transforms);

/* Takes frame[n][frontend_dim], which it changes; returns how many features it made. */
size_t voq_transforms_push(struct transforms *transforms, float *frame, size_t n);

/* Ends the sequence; returns as push does. */
size_t voq_transforms_finish(struct transforms *transforms);

#endif

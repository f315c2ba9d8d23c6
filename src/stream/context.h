/* SPDX-License-Identifier: MIT */
/* A buffer of frames for a stage that looks to its left and right. */
#ifndef VOQ_CONTEXT_H
#define VOQ_CONTEXT_H

#include "src/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct context {
    size_t dim, left, right;
    size_t n_frame; /* in the buffer */
    float *frame;   /* [left + right + chunk][dim] */
};

/* At most `chunk` frames are pushed at a time; chunk is at least `right`. */
void voq_context_place(struct context *context, size_t dim, size_t left, size_t right, size_t chunk,
                       struct arena *arena);
void voq_context_reset(struct context *context);

/* Appends frame[n][dim], and repeats the first frame of a sequence `left` times. Returns how many
   frames have their whole context; the t-th of them is context->frame[left + t]. */
size_t voq_context_push(struct context *context, const float *frame, size_t n);

/* Repeats the last frame `right` times. Returns as push does. */
size_t voq_context_finish(struct context *context);

/* Drops the n oldest frames whose context is complete. */
void voq_context_drop(struct context *context, size_t n);

#endif

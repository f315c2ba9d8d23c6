/* SPDX-License-Identifier: MIT */
/* A stream of units or of features under one set of calls: what comes out are rows of `width`
   32-bit values, the ids of all codebooks or a feature vector. */
#ifndef VOQ_TOOLS_ROW_STREAM_H
#define VOQ_TOOLS_ROW_STREAM_H

#include "voq.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum row_kind {
    ROW_UNITS,
    ROW_UNITS_DISTANCES, /* units, and how far each codeword is */
    ROW_FEATURES
};

struct row_stream {
    voq_stream *units;      /* of units */
    voq_features *features; /* or of features; the other is NULL */
    size_t width;
    uint32_t *row; /* [capacity][width]: what the last call gave; features are floats in it */
    float *distance; /* [capacity][width], squared; NULL: nobody wants them */
    size_t capacity;
    bool wants_distance;
};

voq_status row_stream_new(struct row_stream *stream, const voq_model *model, enum row_kind kind,
                          uint32_t block);
void row_stream_free(struct row_stream *stream); /* of a zeroed one too */

/* *n rows are in stream->row, which is enlarged as needed. */
voq_status row_stream_push(struct row_stream *stream, const float *x, size_t n_sample, size_t *n);
voq_status row_stream_finish(struct row_stream *stream, size_t *n);
voq_status row_stream_gap(struct row_stream *stream, uint64_t n_lost, size_t *n);

void row_stream_reset(struct row_stream *stream);
uint64_t row_stream_position(const struct row_stream *stream);
uint64_t row_stream_bad_samples(const struct row_stream *stream);

#endif

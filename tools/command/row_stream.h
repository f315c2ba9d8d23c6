/* SPDX-License-Identifier: MIT */
/* A stream with output arrays that grow as needed. */
#ifndef VOQ_TOOLS_ROW_STREAM_H
#define VOQ_TOOLS_ROW_STREAM_H

#include "voq.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum row_kind {
    ROW_UNITS,
    ROW_UNITS_DISTANCES, /* units with the distances to their codewords */
    ROW_FEATURES
};

struct row_stream {
    voq_stream *stream; /* NULL: not made yet */
    voq_info info;
    enum row_kind kind;
    voq_output output; /* of the last call; arrays of other kinds are NULL */
};

voq_status row_stream_new(struct row_stream *stream, const voq_model *model, enum row_kind kind,
                          uint32_t block);
void row_stream_free(struct row_stream *stream); /* a zeroed one is allowed */

/* Each call writes *n rows to stream->output. */
voq_status row_stream_push(struct row_stream *stream, const float *x, size_t n_sample, size_t *n);
voq_status row_stream_finish(struct row_stream *stream, size_t *n);
voq_status row_stream_gap(struct row_stream *stream, uint64_t n_lost, size_t *n);

#endif

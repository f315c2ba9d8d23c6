/* SPDX-License-Identifier: MIT */
/* The inside of a stream: the chain, and what its callers share. */
#ifndef VOQ_STREAM_H
#define VOQ_STREAM_H

#include "src/stream/chain.h"
#include "src/stream/rows.h"

struct voq_stream {
    void *allocation; /* what free frees; NULL in the caller's memory */
    struct chain chain;
    float *scratch; /* of the search */
};

/* Runs all samples of *in through the chain, writes rows from row *n_frame on and raises *n_frame.
   After voq_chain_end it writes the last rows. VALUE: a value overflowed. */
voq_status voq_stream_run(voq_stream *stream, struct samples *in, const struct rows *rows,
                          size_t *n_frame);

#endif

/* SPDX-License-Identifier: MIT */
/* What streams and features share: a chain, and the calls that push samples through it. A stream's
   output is units, a features object's is vectors. */
#ifndef VOQ_RUNNER_H
#define VOQ_RUNNER_H

#include "src/stream/chain.h"

struct runner {
    void *allocation; /* what free frees; NULL in the caller's memory */
    struct chain chain;
    float *scratch; /* of the search; NULL for features */
};

enum runner_kind { RUNNER_UNITS, RUNNER_FEATURES };

/* Where a call writes, and how much there is room for. */
struct output {
    uint32_t *id;    /* units */
    float *distance; /* or NULL */
    float *feature;  /* features */
    size_t capacity;
    size_t *n;
};

/* Errors of all: voq.h. */
voq_status voq_runner_size(const voq_model *model, const voq_options *options,
                           enum runner_kind kind, size_t *size);
voq_status voq_runner_init(void *memory, size_t size, const voq_model *model,
                           const voq_options *options, enum runner_kind kind,
                           struct runner **runner);
voq_status voq_runner_new(const voq_model *model, const voq_options *options, enum runner_kind kind,
                          struct runner **runner);
voq_status voq_runner_push(struct runner *runner, struct samples in, const struct output *out);
voq_status voq_runner_finish(struct runner *runner, const struct output *out);
voq_status voq_runner_gap(struct runner *runner, uint64_t n_lost, const struct output *out);

/* What a push of n samples, or an end, would give now. */
size_t voq_runner_count(const struct runner *runner, size_t n);
size_t voq_runner_count_at_end(const struct runner *runner);

#endif

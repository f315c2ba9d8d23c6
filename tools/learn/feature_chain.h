/* SPDX-License-Identifier: MIT */
/* From samples to the network's input in two steps, each by the library's own code: frames of the
   front end, then the normalisation. Between them frames can be changed. */
#ifndef VOQ_LEARN_FEATURE_CHAIN_H
#define VOQ_LEARN_FEATURE_CHAIN_H

#include "tools/base/failure.h"

#include "voq.h"

struct feature_chain {
    voq_model *frames;    /* NULL: the input is vectors */
    voq_model *normalise; /* NULL: none */
    voq_cpu cpu;
    uint32_t dim, hop_samples, rate_hz; /* the last two are 1 and 0 with vectors */
    bool is_log_mel;      /* each dimension is a band */
};

/* frontend NULL: vectors of `dim`. Closed with feature_chain_close even after a failure. */
bool feature_chain_open(struct feature_chain *chain, const voq_frontend *frontend, uint32_t dim,
                        voq_cpu cpu, struct failure *failure);
bool feature_chain_set_normalise(struct feature_chain *chain, const voq_normalise *normalise,
                                 struct failure *failure);
void feature_chain_close(struct feature_chain *chain);

/* The number of frames of n samples, or n vectors. */
size_t feature_chain_count(const struct feature_chain *chain, size_t n);

/* Computes frame[feature_chain_count][dim] of a whole signal. */
bool feature_chain_frames(const struct feature_chain *chain, const float *x, size_t n,
                          float *frame, struct failure *failure);

/* Normalises n frames, one whole recording, from frame to v[n][dim]. */
bool feature_chain_normalise(const struct feature_chain *chain, const float *frame, size_t n,
                             float *v, struct failure *failure);

#endif

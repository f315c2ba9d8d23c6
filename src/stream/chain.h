/* SPDX-License-Identifier: MIT */
/* Samples to feature vectors, in blocks of frames: framing, spectrum, and the stages behind them.
   Results do not depend on the size of a block. */
#ifndef VOQ_CHAIN_H
#define VOQ_CHAIN_H

#include "src/frontend/framing.h"
#include "src/frontend/spectrum.h"
#include "src/stream/stages.h"

struct chain {
    const voq_model *model;
    size_t block; /* windows computed together at most */
    struct grid grid; /* of the features */
    struct framing framing;
    struct spectrum spectrum;
    struct stages stages;
    const float **window; /* [block] */

    uint64_t first_frame; /* index of the first feature since the last gap */
    uint64_t n_given;     /* features made since then */
    uint64_t n_skip;      /* samples to drop until the grid's next hop */
    bool ended, failed;
};

/* Returns the grid of a model's features: with a stride, its hop is longer than the front end's. */
struct grid voq_feature_grid(const voq_model *model);

void voq_chain_place(struct chain *chain, const voq_model *model, size_t block,
                     struct arena *arena);
void voq_chain_reset(struct chain *chain);

/* Takes samples from the front of *in and makes the next block of features; returns how many, 0
   when *in is used up. After voq_chain_end it returns what is left, then 0. If a value is not
   finite, it sets chain->failed and returns the features before it. */
size_t voq_chain_next(struct chain *chain, struct samples *in);

/* The block that voq_chain_next made, [n][dim]. */
static inline const float *voq_chain_features(const struct chain *chain)
{
    return chain->stages.frame;
}

/* Ends the run of samples; voq_chain_next returns the rest. */
void voq_chain_end(struct chain *chain);

/* Returns how many features are due after n_sample more samples, or at the end. Samples
   are counted up to 63 bits. */
uint64_t voq_chain_count(const struct chain *chain, uint64_t n_sample);
uint64_t voq_chain_count_at_end(const struct chain *chain);

/* Whether the position still fits in 63 bits after a gap of n_lost samples. Once pushes have passed
   that, it never does. */
bool voq_chain_can_lose(const struct chain *chain, uint64_t n_lost);

/* Call after voq_chain_end. Skips n_lost samples and resumes at the next multiple of hop. */
void voq_chain_restart(struct chain *chain, uint64_t n_lost);

uint64_t voq_chain_position(const struct chain *chain);

#endif

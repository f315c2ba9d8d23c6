/* SPDX-License-Identifier: MIT */
/* Samples to feature vectors: framing, spectrum, deltas, normalisation, transform, in blocks of
   frames. Whether a block is one frame or many, the numbers are the same. */
#ifndef VOQ_CHAIN_H
#define VOQ_CHAIN_H

#include "src/frontend/framing.h"
#include "src/frontend/spectrum.h"
#include "src/model/model.h"
#include "src/stream/transforms.h"

enum { MAX_DELTAS = 3 };

struct chain {
    const voq_model *model;
    size_t block;  /* windows computed together at most */
    size_t n_late; /* frames of deltas and stacking between a window and its feature */
    struct framing framing;
    struct spectrum spectrum;
    struct context delta[MAX_DELTAS];
    struct transforms transforms;
    const float **window; /* [block] */
    float *frame;         /* [chunk][frontend_dim]: the widest frame before the transform */

    uint64_t first_frame; /* index of the first frame since the last gap */
    uint64_t n_given;     /* features given since then */
    uint64_t n_skip;      /* samples to drop until the grid's next hop */
    size_t n_flushed;     /* stages already flushed at the end */
    bool ended, failed;
};

void voq_chain_place(struct chain *chain, const voq_model *model, size_t block,
                     struct arena *arena);
void voq_chain_reset(struct chain *chain);

/* Takes samples from the front of *in and gives the next block of features; 0 when *in is used up.
   After voq_chain_end gives what is left, then 0. Sets chain->failed and gives 0 when a
   value is not finite. */
size_t voq_chain_next(struct chain *chain, struct samples *in);

/* The block that voq_chain_next made, [n][dim]. */
static inline const float *voq_chain_features(const struct chain *chain)
{
    return chain->transforms.feature;
}

/* The run of samples is over; voq_chain_next gives the rest. */
void voq_chain_end(struct chain *chain);

/* How many features the samples in hand would give: with n more, or at an end. More samples than
   time can count are as many as it can. */
uint64_t voq_chain_count(const struct chain *chain, uint64_t n_sample);
uint64_t voq_chain_count_at_end(const struct chain *chain);

/* Whether time still counts in 63 bits after a gap of n_lost samples; never so after pushes have
   passed that. */
bool voq_chain_can_lose(const struct chain *chain, uint64_t n_lost);

/* After a gap of n_lost samples behind an end: goes on at the next multiple of hop. */
void voq_chain_restart(struct chain *chain, uint64_t n_lost);

uint64_t voq_chain_position(const struct chain *chain);

#endif

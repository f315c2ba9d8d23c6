/* SPDX-License-Identifier: MIT */
/* A part of an epoch in memory: examples, cut into pieces that are sorted into batches. */
#ifndef VOQ_LEARN_SHARD_H
#define VOQ_LEARN_SHARD_H

#include "tools/learn/batch.h"
#include "tools/learn/epoch_plan.h"

struct shard_item {
    uint32_t recording;
    size_t first, n; /* frames */
    uint64_t mask_seed;
};

struct piece {
    double key; /* about its length */
    uint32_t item, number; /* piece `number` of the item */
    uint32_t first, n;     /* frames of the item */
};

struct shard {
    size_t n_frame, frame_capacity, clean_capacity, label_capacity;
    float *v, *clean; /* [n_frame][dim] */
    int32_t **label;  /* [n_head][n_frame] */
    struct shard_item *item; /* [n_item] */
    size_t n_item, item_capacity;
    struct piece *piece; /* [n_piece] by batch */
    size_t n_piece, piece_capacity;
    uint32_t *batch; /* [n_batch]: the order of batches */
    size_t n_batch, batch_capacity;
};

struct shard_request {
    const struct examples *examples;
    const struct batch_shape *shape;
    bool clean;
    size_t n_thread;
    struct example_scratch *scratch; /* [n_thread] */
};

/* Replaces the content by shard `s` of the plan. */
bool shard_fill(struct shard *shard, const struct shard_request *request,
                const struct epoch_plan *plan, size_t s, struct failure *failure);
void shard_clear(struct shard *shard, size_t n_head); /* all zero is allowed */

/* The pieces of batch b: piece[*n]. */
const struct piece *shard_batch(const struct shard *shard, size_t b, size_t *n);

#endif

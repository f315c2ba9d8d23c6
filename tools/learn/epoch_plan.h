/* SPDX-License-Identifier: MIT */
/* Which recordings an epoch sees, in which order, and how they are divided into shards: as many as
   memory holds. It depends on (seed, epoch) and the recordings alone. */
#ifndef VOQ_LEARN_EPOCH_PLAN_H
#define VOQ_LEARN_EPOCH_PLAN_H

#include "tools/learn/example.h"

struct batch_shape {
    uint32_t batch_frames; /* about so many in a batch */
    uint32_t piece_frames; /* at most so many in a piece */
    uint32_t stride;       /* of the network: pieces begin at multiples of it */
    size_t shard_frames;   /* about so many at most in a shard */
};

struct epoch_plan {
    uint32_t epoch;
    uint32_t *recording;  /* [n] */
    size_t n;
    size_t *shard_begin;  /* [n_shard + 1] into recording */
    size_t *batch_before; /* [n_shard + 1]: batches of earlier shards */
    size_t n_shard;
};

bool epoch_plan_make(struct epoch_plan *plan, const struct examples *examples,
                     const struct batch_shape *shape, uint32_t epoch, struct failure *failure);
void epoch_plan_clear(struct epoch_plan *plan); /* all zero is allowed */

/* The number of pieces that n frames are cut into. */
size_t epoch_plan_pieces(const struct batch_shape *shape, size_t n_frame);

#endif

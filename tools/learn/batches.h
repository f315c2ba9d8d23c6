/* SPDX-License-Identifier: MIT */
/* The batches of an epoch, one after another. They depend on (seed, epoch) and the data alone, not
   on the number of threads, and training may begin at any of them.

   Memory does not grow with the corpus: an epoch is divided into shards, and only within a shard
   are pieces mixed. Which recordings meet in a shard is random. */
#ifndef VOQ_LEARN_BATCHES_H
#define VOQ_LEARN_BATCHES_H

#include "tools/learn/batch.h"
#include "tools/learn/example.h"

struct batches_request {
    const struct examples *examples; /* prepared */
    uint32_t batch_frames;  /* 0: 8000 */
    uint32_t piece_frames;  /* 0: 450. 1 for networks that see one vector at a time: all rows are
                               mixed */
    uint32_t stride;        /* of the network; 0: 1 */
    uint32_t shard_frames;  /* 0: what 128 MB hold. For tests */
    bool clean;             /* also make the clean copy */
    size_t n_thread;
};

struct batches;

bool batches_new(struct batches **batches, const struct batches_request *request,
                 struct failure *failure);
void batches_free(struct batches *batches); /* NULL is allowed */

/* Counts the batches of an epoch, without reading any. */
bool batches_count(const struct batches *batches, uint32_t epoch, size_t *n,
                   struct failure *failure);

/* Begins an epoch at batch number `first`. */
bool batches_begin(struct batches *batches, uint32_t epoch, size_t first, struct failure *failure);

/* Fills *batch with the next batch, valid until the next call; n_piece is 0 at the end. */
bool batches_next(struct batches *batches, struct batch *batch, struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* The vectors to train on: float [n][dim] in a cache file without a name, so that memory does not
   grow with the corpus and no file remains, however training ends. With several ranks, each has the
   frames of its share; a frame's number counts through those of all ranks. */
#ifndef VOQ_TRAIN_FRAMES_H
#define VOQ_TRAIN_FRAMES_H

#include "tools/train/ranks.h"

#include <stddef.h>
#include <stdint.h>

/* The frames that a thread reads at a time. */
enum { FRAMES_BLOCK = 4096 };

struct frames;

/* Makes the cache file in `folder`. EXIT_OUTPUT if that fails. */
bool frames_new(struct frames **frames, uint32_t dim, const char *folder, struct failure *failure);
void frames_free(struct frames *frames); /* NULL is allowed */

uint32_t frames_dim(const struct frames *frames);
uint64_t frames_count(const struct frames *frames); /* those of this rank */
uint64_t frames_block_count(const struct frames *frames);

/* Writes x[n][dim] at frame `first`, at most frames_count: over old frames, or at the end. */
bool frames_put(struct frames *frames, uint64_t first, const float *x, size_t n,
                struct failure *failure);

/* Reads frames first .. first+n-1, all below frames_count; any number of threads at once. */
bool frames_get(const struct frames *frames, uint64_t first, size_t n, float *x,
                struct failure *failure);

/* Consecutive numbers of frames that are at consecutive places of this rank's cache. */
struct frames_run {
    uint64_t number, place, n;
};

/* States the numbers of this rank's frames, once all are there, and the number of all frames.
   Without it, there is one rank. The frames take run[n_run], sorted by number, from malloc. */
void frames_share(struct frames *frames, struct ranks *ranks, struct frames_run *run, size_t n_run,
                  uint64_t n_total);
struct ranks *frames_ranks(const struct frames *frames);
uint64_t frames_total(const struct frames *frames); /* those of all ranks */

/* Whether this rank has the frame of this number, and where. */
bool frames_find(const struct frames *frames, uint64_t number, uint64_t *place);

/* Reads the frames of these numbers, of whatever rank, into x[n][dim]; all ranks call it alike. */
bool frames_fetch(const struct frames *frames, const uint64_t *number, size_t n, float *x,
                  struct failure *failure);

/* Reads block b into x[FRAMES_BLOCK][dim]; *n is the number of frames in it. */
bool frames_get_block(const struct frames *frames, uint64_t block, float *x, size_t *n,
                      struct failure *failure);

#endif

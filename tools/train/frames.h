/* SPDX-License-Identifier: MIT */
/* The vectors to train on: float [n][dim] in a cache file without a name, so that memory does not
   grow with the corpus and no file remains, however training ends. */
#ifndef VOQ_TRAIN_FRAMES_H
#define VOQ_TRAIN_FRAMES_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

/* The frames that a thread reads at a time. */
enum { FRAMES_BLOCK = 4096 };

struct frames;

/* Makes the cache file in `folder`. EXIT_OUTPUT if that fails. */
bool frames_new(struct frames **frames, uint32_t dim, const char *folder, struct failure *failure);
void frames_free(struct frames *frames); /* NULL is allowed */

uint32_t frames_dim(const struct frames *frames);
uint64_t frames_count(const struct frames *frames);
uint64_t frames_block_count(const struct frames *frames);

/* Writes x[n][dim] at frame `first`, at most frames_count: over old frames, or at the end. */
bool frames_put(struct frames *frames, uint64_t first, const float *x, size_t n,
                struct failure *failure);

/* Reads frames first .. first+n-1, all below frames_count; any number of threads at once. */
bool frames_get(const struct frames *frames, uint64_t first, size_t n, float *x,
                struct failure *failure);

/* Reads block b into x[FRAMES_BLOCK][dim]; *n is the number of frames in it. */
bool frames_get_block(const struct frames *frames, uint64_t block, float *x, size_t *n,
                      struct failure *failure);

#endif

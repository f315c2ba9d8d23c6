/* SPDX-License-Identifier: MIT */
/* One pass over the frames: the nearest codeword of each, added up. */
#ifndef VOQ_TRAIN_ASSIGN_H
#define VOQ_TRAIN_ASSIGN_H

#include "tools/train/frames.h"
#include "tools/train/totals.h"

#include "voq.h"

struct assigner;

struct assign_options {
    uint32_t n_code;
    size_t n_thread;
    voq_cpu cpu;
    uint64_t memory; /* bytes for bounds, at most; 0: every frame is searched fully. Same bits */
};

/* For passes over the same frames with codewords that change little. */
bool assigner_new(struct assigner **assigner, const struct frames *frames,
                  const struct assign_options *options, struct failure *failure);
void assigner_free(struct assigner *assigner); /* NULL is fine */

/* *totals is cleared first. The codeword of each frame is the runtime's, bit for bit. */
bool assigner_pass(struct assigner *assigner, const float *codeword, struct totals *totals,
                   struct failure *failure);

#endif

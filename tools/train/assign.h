/* SPDX-License-Identifier: MIT */
/* One pass over the frames: finds the nearest codeword of each and sums up the frames per code. */
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
    uint64_t memory; /* the most bytes for bounds; 0: every frame is searched fully. Same bits */
};

/* Makes an assigner for passes over the same frames with codewords that change little. */
bool assigner_new(struct assigner **assigner, const struct frames *frames,
                  const struct assign_options *options, struct failure *failure);
void assigner_free(struct assigner *assigner); /* NULL is allowed */

/* Clears *totals first, which are those of all ranks in the end. The codeword of each frame is the
   same as at run time, bit for bit. */
bool assigner_pass(struct assigner *assigner, const float *codeword, struct totals *totals,
                   struct failure *failure);

#endif

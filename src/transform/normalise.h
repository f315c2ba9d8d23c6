/* SPDX-License-Identifier: MIT */
#ifndef VOQ_NORMALISE_H
#define VOQ_NORMALISE_H

#include "src/base/arena.h"

#include "voq.h"

/* Running statistics of one stream. */
struct normalise_state {
    uint64_t n_frame;
    float *mean, *variance; /* [dim] */
};

void voq_normalise_place(struct normalise_state *state, const voq_normalise *normalise,
                         struct arena *arena);
void voq_normalise_reset(struct normalise_state *state, const voq_normalise *normalise);

/* Normalises frame[n][dim] in place. enum voq_normalise_kind in voq.h has the formulas. */
void voq_normalise_run(struct normalise_state *state, const voq_normalise *normalise, float *frame,
                       size_t n);

#endif

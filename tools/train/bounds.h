/* SPDX-License-Identifier: MIT */
/* Hamerly's bound (2010), made safe for rounding: a frame whose own codeword is nearer than any
   other can be need not be searched. One bound a frame: the true distance to every other codeword
   is at least `lower`. Whoever is kept by the bound is kept by the definition of the nearest
   codeword, in float, ties included; margins cover the rounding of scores, of centring and of the
   bounds themselves. */
#ifndef VOQ_TRAIN_BOUNDS_H
#define VOQ_TRAIN_BOUNDS_H

#include "voq.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bound {
    uint32_t id;
    float lower;
};

/* What all bounds of one pass share. */
struct bounds {
    uint32_t dim;
    double norm;        /* no centred codeword is longer */
    double drift;       /* no codeword moved farther since the pass before */
    double other_drift; /* nor any but `farthest` */
    uint32_t farthest;
};

/* `before`: the codewords of the pass before, or NULL. mean: of the codebook (model). */
void bounds_begin(struct bounds *bounds, const voq_model *model, const float *codeword,
                  const float *before, uint32_t n_code, uint32_t dim);

/* Moves the bound along with the codewords, then: does the frame keep its code? distance: the
   squared distance to it now, as the runtime computes it. */
bool bound_holds(const struct bounds *bounds, struct bound *bound, float distance);

/* The bound of a frame just searched: centred[dim] and the score of the second. */
void bound_set(const struct bounds *bounds, struct bound *bound, uint32_t id, const float *centred,
               float second);

#endif

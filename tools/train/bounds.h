/* SPDX-License-Identifier: MIT */
/* Bounds that save most of the search, safe for rounding: one a group of codewords (Yinyang
   k-means, Ding et al. 2015; with a single group Hamerly's). A group whose codewords are all
   provably farther than the frame's own codeword is not searched. Whoever is excluded here loses by
   the definition of the nearest codeword too, in float, ties included: margins cover the rounding
   of scores, of centring and of the bounds themselves. */
#ifndef VOQ_TRAIN_BOUNDS_H
#define VOQ_TRAIN_BOUNDS_H

#include "voq.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What all bounds of one pass share. */
struct bounds {
    uint32_t dim, n_code, n_group;
    double norm;        /* no centred codeword is longer */
    float *drift;       /* [n_group]: no codeword of the group moved farther since the last pass */
    float *other_drift; /* [n_group]: nor any but `farthest` */
    uint32_t *farthest; /* [n_group] */
};

bool bounds_new(struct bounds *bounds, uint32_t n_code, uint32_t dim); /* false: no memory */
void bounds_free(struct bounds *bounds);                               /* also of zeroed memory */

/* `before`: the codewords of the pass before, or NULL. */
void bounds_begin(struct bounds *bounds, const voq_model *model, const float *codeword,
                  const float *before);

/* Moves the bounds lower[n_group] of a frame with code id along with the codewords. */
void bounds_move(const struct bounds *bounds, uint32_t id, float *lower);

/* Groups with a greater bound need no search; distance: the squared distance to the frame's own
   codeword now, as the runtime computes it. */
float bounds_limit(const struct bounds *bounds, float distance);

/* Bounds from the best score in each group, the winner's own left out: score[g * stride], NaN where
   the group was not searched and its bound stays. */
void bounds_set(const struct bounds *bounds, const float *centred, const float *score,
                size_t stride, float *lower);

#endif

/* SPDX-License-Identifier: MIT */
/* Bounds that save most of the search, safe for rounding: one a frame and group of codewords
   (Yinyang k-means, Ding et al. 2015). A group whose codewords are all provably farther than the
   frame's own codeword is not searched. Whoever is excluded here loses by the definition of the
   nearest codeword too, in float, ties included: margins cover the rounding of scores, of centring
   and of the bounds themselves. */
#ifndef VOQ_TRAIN_BOUNDS_H
#define VOQ_TRAIN_BOUNDS_H

#include "tools/train/groups.h"

#include <math.h>

/* What all bounds of one pass share. */
struct bounds {
    const struct groups *groups;
    uint32_t dim;
    double norm;  /* no centred codeword is longer */
    float *drift; /* [n_group]: no codeword of the group moved farther since the last pass */
    float *apart; /* [n_code]: no other codeword of its group lies nearer */
};

bool bounds_new(struct bounds *bounds, const struct groups *groups); /* false: no memory */
void bounds_free(struct bounds *bounds);                             /* also of zeroed memory */

/* `before`: the codewords of the pass before, or NULL. */
void bounds_begin(struct bounds *bounds, const float *mean, const float *codeword,
                  const float *before);

/* limit[n]: groups with a greater bound need no search. distance[n]: the squared distances to the
   frames' own codewords now, as the runtime computes them. */
void bounds_limit(const struct bounds *bounds, const float *distance, size_t n, float *limit);

/* base[n]: at most the squared lengths of the centred frames, less what scores round. error[n]: how
   far distances between centred, rounded vectors may lie from the true ones. square[n]: the lengths
   as summed in float. */
void bounds_base(const struct bounds *bounds, const float *square, size_t n, float *base,
                 float *error);

/* The bounds of n frames for group g move along with the codewords. */
void bounds_move(const struct bounds *bounds, uint32_t g, size_t n, float *lower);

/* |a - b|^2 in double. */
double square_between(const float *a, const float *b, uint32_t dim);

static const float bounds_shrink = 1 - 0x1p-21f; /* more than a few operations in float round */

/* The bound for a group from its best score: |x - c|^2 = |x|^2 + 2 * score. */
static inline float bounds_lower(float score, float base, float error)
{
    float square = base + 2 * score;
    return (sqrtf(square > 0 ? square : 0) * bounds_shrink - error) * bounds_shrink;
}

#endif

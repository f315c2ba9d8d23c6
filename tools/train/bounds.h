/* SPDX-License-Identifier: MIT */
/* Bounds that save most of the search: one per frame and group of codewords (Yinyang k-means, Ding
   et al. 2015). A group whose codewords are all provably farther than the frame's own codeword is
   not searched. Margins cover the rounding of scores, of centring and of the bounds themselves, so
   an excluded codeword is never the nearest by the definition in float, ties included. */
#ifndef VOQ_TRAIN_BOUNDS_H
#define VOQ_TRAIN_BOUNDS_H

#include "tools/train/groups.h"

#include <math.h>

/* Data that all bounds of one pass share. */
struct bounds {
    const struct groups *groups;
    uint32_t dim;
    double norm;  /* upper bound of the norms of centred codewords */
    float *drift; /* [n_group]: upper bound of codeword movement since the last pass */
    float *apart; /* [n_code]: lower bound of the distance to other codewords of its group */
};

bool bounds_new(struct bounds *bounds, const struct groups *groups); /* false: no memory */
void bounds_free(struct bounds *bounds);                             /* also of zeroed memory */

/* `before`: the codewords of the previous pass, or NULL. */
void bounds_begin(struct bounds *bounds, const float *mean, const float *codeword,
                  const float *before);

/* Fills limit[n]: groups with a greater bound need no search. distance[n]: the squared distances to
   the frames' own codewords now, as computed at run time. */
void bounds_limit(const struct bounds *bounds, const float *distance, size_t n, float *limit);

/* Fills base[n], at most the squared norms of the centred frames minus the rounding of scores, and
   error[n], the largest error of distances between centred, rounded vectors. square[n]: the squared
   norms as summed in float. */
void bounds_base(const struct bounds *bounds, const float *square, size_t n, float *base,
                 float *error);

/* Lowers the bounds of n frames for group g by the movement of its codewords. */
void bounds_move(const struct bounds *bounds, uint32_t g, size_t n, float *lower);

/* |a - b|^2 in double. */
double square_between(const float *a, const float *b, uint32_t dim);

static const float bounds_shrink = 1 - 0x1p-21f; /* covers a few roundings in float */

/* The bound for a group from its best score: |x - c|^2 = |x|^2 + 2 * score. */
static inline float bounds_lower(float score, float base, float error)
{
    float square = base + 2 * score;
    return (sqrtf(square > 0 ? square : 0) * bounds_shrink - error) * bounds_shrink;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Second moments of vectors by class, and the linear maps computed from them. Sums are exact
   (base/exact_sum.h): scatters of parts add up to the same numbers, however vectors were
   divided. */
#ifndef VOQ_TRAIN_SCATTER_H
#define VOQ_TRAIN_SCATTER_H

#include "tools/base/exact_sum.h"
#include "tools/train/ranks.h"

#include <stddef.h>
#include <stdint.h>

struct scatter {
    uint32_t dim, n_class;
    double *scale; /* [dim]: units */
    uint64_t n;    /* at most EXACT_TERMS_MOST */
    uint64_t *count; /* [n_class] */
    int64_t *sum;    /* [n_class][dim] */
    struct exact_pair *square; /* lower triangle of the sum of x x', row by row */
    int32_t (*waiting)[EXACT_PRODUCT_TERMS]; /* [dim]: frames that are not yet in `square` */
    size_t n_waiting;
};

/* largest[dim]: the largest magnitudes of the vectors. */
bool scatter_new(struct scatter *scatter, uint32_t dim, uint32_t n_class, const float *largest,
                 struct failure *failure);
void scatter_free(struct scatter *scatter); /* also of zeroed memory */

/* Adds x[n][dim] with classes id[n]; NULL: all of class 0. Frames with id >= n_class are ignored.
   */
void scatter_add(struct scatter *scatter, const float *x, const uint32_t *id, size_t n);

/* Adds another scatter of the same shape and largest magnitudes. */
void scatter_merge(struct scatter *scatter, struct scatter *part);

/* Adds those of all ranks. */
bool scatter_unite(struct scatter *scatter, struct ranks *ranks, struct failure *failure);

/* y = matrix[out_dim][dim] x + bias[out_dim]: the directions of largest variance, scaled to unit
   variance with `whiten`. EXIT_INPUT if the vectors do not span out_dim directions. */
bool scatter_pca(struct scatter *scatter, uint32_t out_dim, bool whiten, float *matrix,
                 float *bias, struct failure *failure);

/* Linear discriminant analysis: the directions with the largest variance between classes relative
   to that within classes, which is scaled to one. */
bool scatter_lda(struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                 struct failure *failure);

#endif

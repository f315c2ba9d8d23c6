/* SPDX-License-Identifier: MIT */
/* Second moments of vectors by class, and the linear maps computed from them. Sums are in double,
   frame by frame in the order of the corpus. */
#ifndef VOQ_TRAIN_SCATTER_H
#define VOQ_TRAIN_SCATTER_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct scatter {
    uint32_t dim, n_class;
    uint64_t n;
    uint64_t *count; /* [n_class] */
    double *sum;     /* [n_class][dim] */
    double *square;  /* [dim][dim], lower triangle: sum of x x' */
};

bool scatter_new(struct scatter *scatter, uint32_t dim, uint32_t n_class, struct failure *failure);
void scatter_free(struct scatter *scatter); /* also of zeroed memory */

/* Adds x[n][dim] with classes id[n]; NULL: all of class 0. Frames with id >= n_class are ignored.
   */
void scatter_add(struct scatter *scatter, const float *x, const uint32_t *id, size_t n);

/* y = matrix[out_dim][dim] x + bias[out_dim]: the directions of largest variance, scaled to unit
   variance with `whiten`. EXIT_INPUT if the vectors do not span out_dim directions. */
bool scatter_pca(const struct scatter *scatter, uint32_t out_dim, bool whiten, float *matrix,
                 float *bias, struct failure *failure);

/* Linear discriminant analysis: the directions with the largest variance between classes relative
   to that within classes, which is scaled to one. */
bool scatter_lda(const struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                 struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Second moments of vectors in classes, and the linear maps that follow from them. Sums are in
   double, frame by frame in the order of the corpus. */
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

/* x[n][dim]; id[n] below n_class, or NULL: all of class 0. An id of n_class or more is left out. */
void scatter_add(struct scatter *scatter, const float *x, const uint32_t *id, size_t n);

/* y = matrix[out_dim][dim] x + bias[out_dim]: the directions of largest variance, scaled to unit
   variance with `whiten`. EXIT_INPUT where the vectors do not span out_dim directions. */
bool scatter_pca(const struct scatter *scatter, uint32_t out_dim, bool whiten, float *matrix,
                 float *bias, struct failure *failure);

/* The directions in which classes lie farthest apart, measured by the spread within them, which is
   scaled to one (linear discriminant analysis). */
bool scatter_lda(const struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                 struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Products of matrices, stored by rows. Every element of the result is one sum, k ascending, of
   separate multiplications and additions, starting from 0 or (add) from the element: the bits are
   those of three plain loops, for every number of threads and on every CPU. */
#ifndef VOQ_LEARN_PRODUCT_H
#define VOQ_LEARN_PRODUCT_H

#include "tools/learn/workers.h"

enum product_form {
    PRODUCT_AB,  /* c[m][n] = sum over k of a[m][k] b[k][n] */
    PRODUCT_ABT, /* c[m][n] = sum over k of a[m][k] b[n][k] */
    PRODUCT_ATB  /* c[m][n] = sum over k of a[k][m] b[k][n] */
};

/* lda, ldb, ldc: floats from one stored row to the next. */
void product(struct workers *workers, enum product_form form, size_t m, size_t n, size_t k,
             const float *a, size_t lda, const float *b, size_t ldb, float *c, size_t ldc,
             bool add);

/* The same in one thread with a matrix b that is packed once and used many times. */
size_t packed_size(size_t n, size_t k); /* floats */
void packed_fill(const struct lane_table *lanes, enum product_form form, size_t n, size_t k,
                 const float *b, size_t ldb, float *packed);
void product_packed(const struct lane_table *lanes, size_t m, size_t n, size_t k, const float *a,
                    size_t lda, const float *packed, float *c, size_t ldc, bool add);

#endif

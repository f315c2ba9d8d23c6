/* SPDX-License-Identifier: MIT */
/* The rows of a batch that are within their pieces, one after another. The network's arrays are
   [step][piece][dim] with rows behind the end of short pieces; losses and codebooks see only the
   others. */
#ifndef VOQ_LEARN_DENSE_ROWS_H
#define VOQ_LEARN_DENSE_ROWS_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct dense_rows {
    uint32_t *at; /* [n]: rows of the network's arrays, ascending */
    size_t n, capacity;
};

/* length[n_piece] in steps. */
bool dense_rows_find(struct dense_rows *rows, size_t n_step, size_t n_piece, const uint32_t *length,
                     struct failure *failure);
void dense_rows_free(struct dense_rows *rows); /* also of zeroed memory */

void dense_rows_gather(const struct dense_rows *rows, const float *x, size_t dim, float *dense);

/* Rows of x that are not in `rows` are left alone. */
void dense_rows_scatter(const struct dense_rows *rows, const float *dense, size_t dim, float *x);

#endif

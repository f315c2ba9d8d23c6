/* SPDX-License-Identifier: MIT */
/* What a caller asked for, one row per frame: its voq_output, checked and filled. */
#ifndef VOQ_ROWS_H
#define VOQ_ROWS_H

#include "src/model/model.h"

struct rows {
    const voq_model *model;
    voq_output to;
    bool are_asked;   /* some array is not NULL */
    bool need_search; /* id, distance or z_q is not NULL */
};

/* Reads the caller's output, which may be NULL. ARGUMENT: its struct_size is not set. UNSUPPORTED:
   it asks for what needs a codebook, and the model has none. */
voq_status voq_rows_take(struct rows *rows, const voq_model *model, const voq_output *output,
                         voq_error *error);

/* Checks that n rows fit; else CAPACITY, or ARGUMENT if no memory can hold so many. */
voq_status voq_rows_check(const struct rows *rows, uint64_t n);

/* Returns how many of x[n][dim] come before the first that holds NaN or infinity. */
size_t voq_rows_finite(const float *x, size_t n, size_t dim);

/* Writes feature[n][dim], and what the search finds for them, from row `at` on. Returns how many
   rows it wrote: fewer than n when the next vector has no finite winner. Only a search uses
   scratch[SEARCH_SCRATCH(dim)]. */
size_t voq_rows_write(const struct rows *rows, size_t at, const float *feature, size_t n,
                      float *scratch);

#endif

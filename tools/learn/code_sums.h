/* SPDX-License-Identifier: MIT */
/* Sums of vectors per code, one scale per dimension (base/exact_sum.h): they have no order. */
#ifndef VOQ_LEARN_CODE_SUMS_H
#define VOQ_LEARN_CODE_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct code_sums {
    uint32_t n_code, dim;
    uint64_t *count; /* [n_code] rows */
    int64_t *sum;    /* [n_code][dim], in units of 1 / scale */
    double *scale;   /* [dim] */
    float *largest;  /* [dim]: scratch */
};

bool code_sums_new(struct code_sums *sums, uint32_t n_code, uint32_t dim); /* false: no memory */
void code_sums_free(struct code_sums *sums); /* also of zeroed memory */

/* Clears the sums and adds x[i][dim], all finite, to code id[i * stride], for i below n. */
void code_sums_take(struct code_sums *sums, const float *x, const uint32_t *id, size_t stride,
                    size_t n);

double code_sums_at(const struct code_sums *sums, uint32_t code, uint32_t d);

#endif

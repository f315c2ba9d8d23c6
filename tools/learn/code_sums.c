/* SPDX-License-Identifier: MIT */
#include "tools/learn/code_sums.h"

#include "tools/base/exact_sum.h"

#include <stdlib.h>
#include <string.h>

bool code_sums_new(struct code_sums *sums, uint32_t n_code, uint32_t dim)
{
    *sums = (struct code_sums){.n_code = n_code, .dim = dim};
    sums->count = calloc(n_code, sizeof *sums->count);
    sums->sum = calloc((size_t)n_code * dim, sizeof *sums->sum);
    sums->scale = calloc(dim, sizeof *sums->scale);
    sums->largest = calloc(dim, sizeof *sums->largest);
    return sums->count && sums->sum && sums->scale && sums->largest;
}

void code_sums_free(struct code_sums *sums)
{
    free(sums->count);
    free(sums->sum);
    free(sums->scale);
    free(sums->largest);
}

static void choose_scales(struct code_sums *sums, const float *x, size_t n)
{
    int bits = exact_bits(n);
    memset(sums->largest, 0, sums->dim * sizeof *sums->largest);
    for (size_t i = 0; i < n; i++) exact_largest(sums->largest, x + i * sums->dim, sums->dim);
    for (uint32_t d = 0; d < sums->dim; d++)
        sums->scale[d] = exact_scale((double)sums->largest[d], bits);
}

void code_sums_take(struct code_sums *sums, const float *x, const uint32_t *id, size_t stride,
                    size_t n)
{
    uint32_t dim = sums->dim;
    memset(sums->count, 0, sums->n_code * sizeof *sums->count);
    memset(sums->sum, 0, (size_t)sums->n_code * dim * sizeof *sums->sum);
    choose_scales(sums, x, n);
    for (size_t i = 0; i < n; i++, x += dim) {
        uint32_t code = id[i * stride];
        sums->count[code]++;
        exact_add_floats(sums->sum + (size_t)code * dim, x, sums->scale, dim);
    }
}

double code_sums_at(const struct code_sums *sums, uint32_t code, uint32_t d)
{
    return exact_value(sums->sum[(size_t)code * sums->dim + d], sums->scale[d]);
}

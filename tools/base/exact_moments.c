/* SPDX-License-Identifier: MIT */
#include "tools/base/exact_moments.h"

#include "tools/base/exact_sum.h"
#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool exact_moments_new(struct exact_moments *moments, uint32_t dim, uint64_t n_row, size_t n_part,
                       double *mean, double *variance, struct failure *failure)
{
    *moments = (struct exact_moments){
        .dim = dim, .n_row = n_row, .n_part = n_part, .mean = mean, .variance = variance,
        .scale = zeroed(dim, sizeof *moments->scale, failure),
        .largest = zeroed(n_part * dim, sizeof *moments->largest, failure),
        .sum = zeroed(n_part * dim, sizeof *moments->sum, failure),
    };
    memset(mean, 0, dim * sizeof *mean);
    return moments->scale && moments->largest && moments->sum;
}

void exact_moments_free(struct exact_moments *moments)
{
    free(moments->scale);
    free(moments->largest);
    free(moments->sum);
}

static void measure(double *largest, const float *x, const double *mean, size_t n)
{
    for (size_t d = 0; d < n; d++) {
        double apart = fabs((double)x[d] - mean[d]);
        largest[d] = apart > largest[d] ? apart : largest[d];
    }
}

static void add_squares(int64_t *sum, const float *x, const double *mean, const double *scale,
                        size_t n)
{
    for (size_t d = 0; d < n; d++) {
        double apart = (double)x[d] - mean[d];
        sum[d] += exact_round(apart * apart, scale[d]);
    }
}

/* The mean is 0 in the first two passes. */
static bool is_of_variance(const struct exact_moments *moments)
{
    return moments->pass >= 2;
}

void exact_moments_take(struct exact_moments *moments, size_t part, const float *x, size_t n)
{
    size_t dim = moments->dim;
    double *largest = moments->largest + part * dim;
    int64_t *sum = moments->sum + part * dim;
    for (size_t i = 0; i < n; i++, x += dim)
        if (exact_moments_measures(moments)) measure(largest, x, moments->mean, dim);
        else if (is_of_variance(moments)) add_squares(sum, x, moments->mean, moments->scale, dim);
        else exact_add_floats(sum, x, moments->scale, dim);
}

void exact_moments_join(struct exact_moments *moments)
{
    size_t dim = moments->dim;
    for (size_t part = 1; part < moments->n_part; part++) {
        exact_add(moments->sum, moments->sum + part * dim, dim);
        for (size_t d = 0; d < dim; d++)
            moments->largest[d] = fmax(moments->largest[d], moments->largest[part * dim + d]);
    }
}

void exact_moments_next(struct exact_moments *moments)
{
    bool squares = is_of_variance(moments);
    double *result = squares ? moments->variance : moments->mean;
    int bits = exact_bits(moments->n_row);
    for (size_t d = 0; d < moments->dim; d++) {
        double largest = moments->largest[d];
        if (exact_moments_measures(moments))
            moments->scale[d] = exact_scale(squares ? largest * largest : largest, bits);
        else
            result[d] = exact_value(moments->sum[d], moments->scale[d]) / (double)moments->n_row;
    }
    memset(moments->largest, 0, moments->n_part * moments->dim * sizeof *moments->largest);
    memset(moments->sum, 0, moments->n_part * moments->dim * sizeof *moments->sum);
    moments->pass++;
}

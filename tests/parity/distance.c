/* SPDX-License-Identifier: MIT */
#include "tests/parity/distance.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double rms_of(const float *b, size_t n_frame, size_t dim, size_t d)
{
    double square = 0;
    for (size_t t = 0; t < n_frame; t++) square += (double)b[t * dim + d] * (double)b[t * dim + d];
    return sqrt(square / (double)n_frame);
}

struct distance distance_of(const float *a, const float *b, size_t n_frame, size_t dim)
{
    struct distance result = {0, 0, 0, 0};
    size_t n = n_frame * dim;
    double *share = n ? malloc(n * sizeof *share) : NULL;
    if (!share) return result;
    double error_square = 0, square = 0;
    for (size_t d = 0; d < dim; d++) {
        double rms = rms_of(b, n_frame, dim, d);
        for (size_t t = 0; t < n_frame; t++) {
            double error = fabs((double)a[t * dim + d] - (double)b[t * dim + d]);
            share[t * dim + d] = error == 0 ? 0 : error / rms;
            error_square += error * error;
            result.absolute = fmax(result.absolute, error);
        }
        square += rms * rms * (double)n_frame;
    }
    qsort(share, n, sizeof *share, by_value);
    result.l2 = error_square == 0 ? 0 : sqrt(error_square / square);
    result.p999 = share[(size_t)(0.999 * (double)(n - 1))];
    result.max = share[n - 1];
    free(share);
    return result;
}

struct distance distance_greater(struct distance a, struct distance b)
{
    return (struct distance){fmax(a.l2, b.l2), fmax(a.p999, b.p999), fmax(a.max, b.max),
                             fmax(a.absolute, b.absolute)};
}

struct distance distance_sum(struct distance a, struct distance b)
{
    return (struct distance){a.l2 + b.l2, a.p999 + b.p999, a.max + b.max, a.absolute + b.absolute};
}

struct distance distance_times(struct distance a, double factor)
{
    return (struct distance){a.l2 * factor, a.p999 * factor, a.max * factor, a.absolute * factor};
}

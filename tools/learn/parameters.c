/* SPDX-License-Identifier: MIT */
#include "tools/learn/parameters.h"

#include "tools/learn/tree_sum.h"

#include <math.h>

static void add_squares(void *context, size_t first, size_t last, double *sum)
{
    const float *x = *(const float *const *)context;
    for (size_t i = first; i < last; i++) *sum += (double)x[i] * (double)x[i];
}

double parameters_norm(struct workers *workers, const float *gradient, size_t n)
{
    double sum;
    tree_sum(workers, n, 1, add_squares, &gradient, &sum);
    return sqrt(sum);
}

double clipped_share(double norm, double most)
{
    return norm > most ? most / norm : 1;
}

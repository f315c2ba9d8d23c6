/* SPDX-License-Identifier: MIT */
/* Mean and variance of rows of floats, from exact sums (base/exact_sum.h): they depend neither on
   the order of the rows nor on threads or machines that add up parts. They take four passes over
   the rows: the largest magnitudes, the sums, the largest distances from the mean, and the sums of
   squares of these distances. */
#ifndef VOQ_TOOLS_EXACT_MOMENTS_H
#define VOQ_TOOLS_EXACT_MOMENTS_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

enum { EXACT_MOMENTS_PASSES = 4 };

struct exact_moments {
    uint32_t dim;
    uint64_t n_row; /* of all parts and machines */
    size_t n_part;
    int pass;                /* the current one, from 0 */
    double *mean, *variance; /* [dim]; the caller's */
    double *scale;           /* [dim] of the current sums */
    double *largest;         /* [n_part][dim]: of passes 0 and 2 */
    int64_t *sum;            /* [n_part][dim]: of passes 1 and 3 */
};

/* There is at least one row. Freed with exact_moments_free even after a failure. */
bool exact_moments_new(struct exact_moments *moments, uint32_t dim, uint64_t n_row, size_t n_part,
                       double *mean, double *variance, struct failure *failure);
void exact_moments_free(struct exact_moments *moments);

/* Takes x[n][dim], all finite, in the current pass. A part belongs to one thread at a time. */
void exact_moments_take(struct exact_moments *moments, size_t part, const float *x, size_t n);

/* Puts the parts of the current pass together in the first one. */
void exact_moments_join(struct exact_moments *moments);

/* Whether the current pass is one of largest numbers, not of sums. */
static inline bool exact_moments_measures(const struct exact_moments *moments)
{
    return moments->pass % 2 == 0;
}

/* Ends a pass with what the first part has; the last one fills mean[dim] and variance[dim]. */
void exact_moments_next(struct exact_moments *moments);

#endif

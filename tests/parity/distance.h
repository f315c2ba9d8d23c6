/* SPDX-License-Identifier: MIT */
/* How far two feature matrices stand from each other. */
#ifndef VOQ_TESTS_PARITY_DISTANCE_H
#define VOQ_TESTS_PARITY_DISTANCE_H

#include <stddef.h>

struct distance {
    double l2;       /* |a-b| / |b| over the utterance */
    double p999;     /* 99.9th percentile of |a-b| / RMS(dim of b) */
    double max;      /* its maximum */
    double absolute; /* maximum of |a-b| */
};

/* a[n_frame][dim] against b; zeros for no frames. */
struct distance distance_of(const float *a, const float *b, size_t n_frame, size_t dim);

/* Per member: the greater, the sum, the multiple. */
struct distance distance_greater(struct distance a, struct distance b);
struct distance distance_sum(struct distance a, struct distance b);
struct distance distance_times(struct distance a, double factor);

#endif

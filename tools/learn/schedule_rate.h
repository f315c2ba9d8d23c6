/* SPDX-License-Identifier: MIT */
/* The learning rate: a linear warm-up, then half a cosine (Loshchilov and Hutter 2017, "SGDR:
   stochastic gradient descent with warm restarts", equation 5, without restarts). */
#ifndef VOQ_LEARN_SCHEDULE_RATE_H
#define VOQ_LEARN_SCHEDULE_RATE_H

#include <stdint.h>

struct schedule_rate {
    double peak, last;       /* rates at the end of the warm-up, and of all */
    uint64_t n_warm, n_step; /* steps of the warm-up, and of all */
};

/* The rate of a step, from 0. From step n_step on it stays at `last`. */
double schedule_rate_at(const struct schedule_rate *schedule, uint64_t step);

#endif

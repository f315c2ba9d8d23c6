/* SPDX-License-Identifier: MIT */
#include "tools/base/normal.h"

#include <stdbool.h>

/* True with probability exp(-p), 0 <= p <= 1: a chain p > u1 > u2 > ... of uniform numbers has at
   least n of them with probability p^n/n!, so an even number of them with 1 - p + p^2/2! - ... */
static bool chance_exp(struct rng *rng, double p)
{
    for (bool even = true;; even = !even) {
        double u = rng_unit(rng);
        if (u >= p) return even;
        p = u;
    }
}

static bool chance_exp_halves(struct rng *rng, unsigned n)
{
    while (n > 0 && chance_exp(rng, .5)) n--;
    return n == 0;
}

/* The whole part k has probability exp(-k^2/2), up to a factor; the part x behind the point is
   accepted with exp(-x(2k+x)/2), as k+1 equal factors. */
double rng_normal(struct rng *rng)
{
    for (;;) {
        unsigned k = 0, n_factor = 0;
        while (chance_exp(rng, .5)) k++;
        if (k > 1 && !chance_exp_halves(rng, k * (k - 1))) continue;
        double x = rng_unit(rng), p = x * (2 * k + x) / (2 * k + 2);
        while (n_factor <= k && chance_exp(rng, p)) n_factor++;
        if (n_factor <= k) continue;
        return rng_next(rng) >> 63 ? -(k + x) : k + x;
    }
}

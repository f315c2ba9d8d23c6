/* SPDX-License-Identifier: MIT */
/* Adam with decoupled weight decay: Loshchilov and Hutter (2019), "Decoupled weight decay
   regularization", algorithm 2. With the gradient g at step t = 1, 2, ...:

       m = b1 m + (1 - b1) g           v = b2 v + (1 - b2) g^2
       p = p - rate decay p - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)

   The powers b1^t and b2^t are running products. */
#ifndef VOQ_LEARN_ADAMW_H
#define VOQ_LEARN_ADAMW_H

#include <stdbool.h>
#include <stddef.h>

struct adamw_options {
    double beta1, beta2, epsilon, decay;
};

/* A checkpoint needs product1, product2 and moment. */
struct adamw {
    struct adamw_options options;
    size_t n;
    double product1, product2; /* b1^t and b2^t */
    float *moment;             /* [2][n]: m, v */
};

/* False: no memory. */
bool adamw_new(struct adamw *adamw, size_t n, const struct adamw_options *options);
void adamw_free(struct adamw *adamw); /* also of zeroed memory */

/* Moves parameter[n]. The gradient counts `share` times, which is how it is clipped. */
void adamw_step(struct adamw *adamw, double rate, const float *gradient, double share,
                float *parameter);

#endif

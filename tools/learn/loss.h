/* SPDX-License-Identifier: MIT */
/* Losses over rows: means, weighted if there are weights (NULL stands for ones). Gradients are in
   float and count `share` times; values are in double. */
#ifndef VOQ_LEARN_LOSS_H
#define VOQ_LEARN_LOSS_H

#include "tools/learn/workers.h"

#include <stdint.h>

struct loss_rows {
    size_t n, dim;       /* dim: classes, or dimensions */
    const float *weight; /* [n] or NULL */
};

struct label_loss {
    double loss;                /* 0 if no row counts */
    uint64_t n_row, n_correct;  /* rows with a label; those whose largest logit is the label's */
};

/* Cross-entropy of softmax p of the logits x with label smoothing s: Szegedy, Vanhoucke, Ioffe,
   Shlens and Wojna (2016), "Rethinking the Inception architecture", section 7. With K classes and
   the label y of a row:

       loss = -sum q_k log p_k,  q_k = (1 - s) [k = y] + s / K;   gradient = p - q

   Rows with a label below 0 do not count and get a gradient of 0. gradient[n][dim] is written; it
   may be the array of the logits. */
void cross_entropy(struct workers *workers, const struct loss_rows *rows, const float *logits,
                   const int32_t *label, float smoothing, float share, float *gradient,
                   struct label_loss *result);

/* Mean over rows and dimensions of (y - target)^2; gradient[n][dim] is written. */
double squared_error(struct workers *workers, const struct loss_rows *rows, const float *y,
                     const float *target, float share, float *gradient);

/* The total weight of rows whose label, if there are labels, is not below 0. */
double total_weight(struct workers *workers, size_t n, const float *weight, const int32_t *label);

#endif

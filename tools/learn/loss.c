/* SPDX-License-Identifier: MIT */
#include "tools/learn/loss.h"

#include "tools/learn/elementary.h"
#include "tools/learn/tree_sum.h"

#include <string.h>

struct loss {
    const struct loss_rows *rows;
    const float *x, *target;
    const int32_t *label;
    const struct lane_table *lanes;
    float smoothing, scale; /* scale: share / total weight */
    float *gradient;
};

static float weight_of(const float *weight, size_t i)
{
    return weight ? weight[i] : 1;
}

static void add_weights(void *context, size_t first, size_t last, double *sum)
{
    const struct loss *loss = context;
    for (size_t i = first; i < last; i++)
        if (!loss->label || loss->label[i] >= 0)
            *sum += (double)weight_of(loss->rows->weight, i);
}

double total_weight(struct workers *workers, size_t n, const float *weight, const int32_t *label)
{
    struct loss_rows rows = {.n = n, .weight = weight};
    struct loss loss = {.rows = &rows, .label = label};
    double total;
    tree_sum(workers, n, 1, add_weights, &loss, &total);
    return total;
}

static size_t largest_of(const float *x, size_t n)
{
    size_t best = 0;
    for (size_t k = 1; k < n; k++)
        if (x[k] > x[best]) best = k;
    return best;
}

static double sum_of(const float *x, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += (double)x[k];
    return sum;
}

/* Turns the logits in p into p - q, times scale. Returns the loss of the row. */
static double label_row(const struct loss *loss, float *p, size_t label, float best, float scale)
{
    size_t n = loss->rows->dim;
    float smoothing = loss->smoothing, spread = smoothing / (float)n;
    double even = sum_of(p, n) / (double)n;
    double target = (1 - (double)smoothing) * (double)p[label] + (double)smoothing * even;
    for (size_t k = 0; k < n; k++) p[k] -= best;
    loss->lanes->exp(p, n);
    float sum = (float)sum_of(p, n);
    for (size_t k = 0; k < n; k++) p[k] = scale * (p[k] / sum - spread);
    p[label] -= scale * (1 - smoothing);
    return (double)best + (double)exact_log(sum) - target;
}

/* Sums: loss, rows, correct rows. */
static void add_label_rows(void *context, size_t first, size_t last, double *sum)
{
    const struct loss *loss = context;
    size_t n = loss->rows->dim;
    for (size_t i = first; i < last; i++) {
        const float *x = loss->x + i * n;
        float *p = loss->gradient + i * n, weight = weight_of(loss->rows->weight, i);
        int32_t label = loss->label[i];
        if (label < 0) {
            memset(p, 0, n * sizeof *p);
            continue;
        }
        size_t best = largest_of(x, n);
        if (p != x) memcpy(p, x, n * sizeof *p);
        sum[0] += (double)weight * label_row(loss, p, (size_t)label, x[best], loss->scale * weight);
        sum[1]++;
        sum[2] += best == (size_t)label;
    }
}

void cross_entropy(struct workers *workers, const struct loss_rows *rows, const float *logits,
                   const int32_t *label, float smoothing, float share, float *gradient,
                   struct label_loss *result)
{
    double total = total_weight(workers, rows->n, rows->weight, label), sum[3];
    struct loss loss = {.rows = rows, .x = logits, .label = label,
                        .lanes = workers_lanes(workers), .smoothing = smoothing,
                        .scale = total > 0 ? (float)((double)share / total) : 0,
                        .gradient = gradient};
    tree_sum(workers, rows->n, 3, add_label_rows, &loss, sum);
    *result = (struct label_loss){.loss = total > 0 ? sum[0] / total : 0,
                                  .n_row = (uint64_t)sum[1], .n_correct = (uint64_t)sum[2]};
}

static void add_squares(void *context, size_t first, size_t last, double *sum)
{
    const struct loss *loss = context;
    size_t n = loss->rows->dim;
    for (size_t i = first; i < last; i++) {
        float weight = weight_of(loss->rows->weight, i), scale = 2 * loss->scale * weight;
        double row = 0;
        for (size_t d = i * n; d < (i + 1) * n; d++) {
            float difference = loss->x[d] - loss->target[d];
            loss->gradient[d] = scale * difference;
            row += (double)difference * (double)difference;
        }
        *sum += (double)weight * row;
    }
}

double squared_error(struct workers *workers, const struct loss_rows *rows, const float *y,
                     const float *target, float share, float *gradient)
{
    double total = total_weight(workers, rows->n, rows->weight, NULL) * (double)rows->dim, sum;
    struct loss loss = {.rows = rows, .x = y, .target = target,
                        .scale = total > 0 ? (float)((double)share / total) : 0,
                        .gradient = gradient};
    tree_sum(workers, rows->n, 1, add_squares, &loss, &sum);
    return total > 0 ? sum / total : 0;
}

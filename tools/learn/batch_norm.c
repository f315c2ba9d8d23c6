/* SPDX-License-Identifier: MIT */
#include "tools/learn/batch_norm.h"

#include "tools/learn/tree_sum.h"

#include <math.h>
#include <string.h>

enum { N_COLUMN_VALUE = 6 };
_Static_assert(2 * LAYER_MOST_WIDTH <= TREE_VALUES, "two sums of every column");

bool batch_norm_reserve(struct layer *layer, struct failure *failure)
{
    size_t n = layer->spec.out_dim;
    return buffer_reserve(&layer->columns, N_COLUMN_VALUE * n, failure) &&
           buffer_reserve(&layer->total, 4 * n, failure);
}

static struct norm_columns columns_of(const struct layer *layer)
{
    size_t n = layer->spec.out_dim;
    const float *c = layer->columns.data;
    return (struct norm_columns){c, c + n, c + 2 * n, c + 3 * n, c + 4 * n, c + 5 * n};
}

struct norm_rows {
    const struct layer *layer;
    const struct lane_table *lanes;
    struct norm_columns columns;
    float *d;
};

static void add_valid_moments(void *context, size_t first, size_t last, double *sum)
{
    const struct norm_rows *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++)
        if (layer_row_valid(c->layer, row))
            c->lanes->moments(c->layer->raw.data + row * n, n, sum);
}

static void set_column(struct layer *layer, size_t i, double mean, double variance)
{
    size_t n = layer->spec.out_dim;
    float *c = layer->columns.data;
    c[i] = (float)mean;
    c[n + i] = (float)(1.0 / sqrt(variance + BATCH_NORM_EPS));
    c[2 * n + i] = layer->gamma[i] * c[n + i];
    c[3 * n + i] = layer->beta[i] - c[i] * c[2 * n + i];
}

/* The running variance is of the population, as PyTorch has it. */
static void set_columns_of_batch(struct layer *layer, const double *sum)
{
    size_t n = layer->spec.out_dim;
    double count = layer->n_valid > 0 ? layer->n_valid : 1;
    double unbiased = count > 1 ? count / (count - 1) : 1;
    for (size_t i = 0; i < n; i++) {
        double mean = sum[i] / count, variance = sum[n + i] / count - mean * mean;
        if (variance < 0) variance = 0;
        set_column(layer, i, mean, variance);
        layer->mean[i] += 0.1f * ((float)mean - layer->mean[i]);
        layer->variance[i] += 0.1f * ((float)(variance * unbiased) - layer->variance[i]);
    }
}

static void set_columns_of_past(struct layer *layer)
{
    for (size_t i = 0; i < layer->spec.out_dim; i++)
        set_column(layer, i, (double)layer->mean[i], (double)layer->variance[i]);
}

static void scale_rows(void *context, size_t first, size_t last)
{
    const struct norm_rows *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++) {
        float *y = c->layer->y.data + row * n;
        if (!layer_row_valid(c->layer, row)) {
            memset(y, 0, n * sizeof *y);
            continue;
        }
        c->lanes->scale(c->layer->raw.data + row * n, n, &c->columns, y);
        if (c->layer->spec.relu) c->lanes->relu(y, n);
    }
}

void batch_norm_forward(struct layer *layer, const struct layer_call *call)
{
    struct norm_rows context = {layer, workers_lanes(call->workers), columns_of(layer), NULL};
    size_t n_row = layer_rows(layer), n = layer->spec.out_dim;
    if (call->pass->mode == NETWORK_TRAIN) {
        tree_sum(call->workers, n_row, 2 * n, add_valid_moments, &context, layer_total(layer));
        set_columns_of_batch(layer, layer_total(layer));
    } else set_columns_of_past(layer);
    each_rows(call->workers, n_row, scale_rows, &context);
}

/* Through the ReLU on the way. */
static void add_valid_gradients(void *context, size_t first, size_t last, double *sum)
{
    const struct norm_rows *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++) {
        if (!layer_row_valid(c->layer, row)) continue;
        float *d = c->d + row * n;
        if (c->layer->spec.relu) c->lanes->relu_back(d, c->layer->y.data + row * n, n);
        c->lanes->norm_sums(d, c->layer->raw.data + row * n, n, &c->columns, sum);
    }
}

static void move_back_rows(void *context, size_t first, size_t last)
{
    const struct norm_rows *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++) {
        float *d = c->d + row * n;
        if (layer_row_valid(c->layer, row))
            c->lanes->norm_back(d, c->layer->raw.data + row * n, n, &c->columns);
        else memset(d, 0, n * sizeof *d);
    }
}

void batch_norm_backward(struct layer *layer, const struct layer_call *call, float *d)
{
    struct norm_rows context = {layer, workers_lanes(call->workers), columns_of(layer), d};
    size_t n_row = layer_rows(layer), n = layer->spec.out_dim;
    double *total = layer_total(layer), count = layer->n_valid > 0 ? layer->n_valid : 1;
    tree_sum(call->workers, n_row, 2 * n, add_valid_gradients, &context, total);
    layer_add_total(layer_gradient(layer, layer->beta), total, n);
    layer_add_total(layer_gradient(layer, layer->gamma), total + n, n);
    for (size_t i = 0; i < 2 * n; i++)
        layer->columns.data[4 * n + i] = (float)(total[i] / count);
    each_rows(call->workers, n_row, move_back_rows, &context);
}

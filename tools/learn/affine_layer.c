/* SPDX-License-Identifier: MIT */
#include "tools/learn/affine_layer.h"

#include "tools/learn/batch_norm.h"
#include "tools/learn/product.h"
#include "tools/learn/taps.h"
#include "tools/learn/tree_sum.h"

#include <string.h>

bool affine_layer_reserve(struct layer *layer, struct failure *failure)
{
    size_t n = layer_rows(layer) * layer->spec.out_dim;
    if (!buffer_reserve(&layer->y, n, failure)) return false;
    if (layer->spec.norm)
        return buffer_reserve(&layer->raw, n, failure) && batch_norm_reserve(layer, failure);
    return buffer_reserve(&layer->total, 2 * (size_t)layer->spec.out_dim, failure);
}

struct rows_of {
    struct layer *layer;
    const struct lane_table *lanes;
    float *out; /* what the products are added to, or the gradient */
};

static void start_rows(void *context, size_t first, size_t last)
{
    const struct rows_of *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++)
        if (c->layer->b) memcpy(c->out + row * n, c->layer->b, n * sizeof *c->out);
        else memset(c->out + row * n, 0, n * sizeof *c->out);
}

static void finish_rows(void *context, size_t first, size_t last)
{
    const struct rows_of *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++) {
        float *y = c->out + row * n;
        if (!layer_row_valid(c->layer, row)) memset(y, 0, n * sizeof *y);
        else if (c->layer->spec.relu) c->lanes->relu(y, n);
        else if (c->layer->spec.kind == LAYER_LATENT) c->lanes->tanh(y, n);
    }
}

static void add_products_of_taps(struct layer *layer, const struct layer_call *call, float *out)
{
    size_t in = layer->spec.in_dim, n = layer->spec.out_dim, taps = layer->spec.taps;
    for (size_t tap = 0; tap < taps; tap++)
        for (size_t set = 0; set < tap_sets(layer); set++) {
            struct tap_rows r = tap_rows(layer, call->n_step, tap, set);
            product(call->workers, PRODUCT_ABT, r.n, n, in, layer->x + r.x_first * in,
                    r.x_step * in, layer->w + tap * in, taps * in, out + r.y_first * n,
                    r.y_step * n, true);
        }
}

void affine_layer_forward(struct layer *layer, const struct layer_call *call)
{
    float *out = layer->spec.norm ? layer->raw.data : layer->y.data;
    struct rows_of context = {layer, workers_lanes(call->workers), out};
    each_rows(call->workers, layer_rows(layer), start_rows, &context);
    add_products_of_taps(layer, call, out);
    if (layer->spec.norm) batch_norm_forward(layer, call);
    else each_rows(call->workers, layer_rows(layer), finish_rows, &context);
}

static void unfinish_rows(void *context, size_t first, size_t last)
{
    const struct rows_of *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++) {
        float *d = c->out + row * n;
        const float *y = c->layer->y.data + row * n;
        if (!layer_row_valid(c->layer, row)) memset(d, 0, n * sizeof *d);
        else if (c->layer->spec.relu) c->lanes->relu_back(d, y, n);
        else if (c->layer->spec.kind == LAYER_LATENT) c->lanes->tanh_back(d, y, n);
    }
}

static void add_weight_gradient(struct layer *layer, const struct layer_call *call, const float *d)
{
    size_t in = layer->spec.in_dim, n = layer->spec.out_dim, taps = layer->spec.taps;
    for (size_t tap = 0; tap < taps; tap++)
        for (size_t set = 0; set < tap_sets(layer); set++) {
            struct tap_rows r = tap_rows(layer, call->n_step, tap, set);
            product(call->workers, PRODUCT_ATB, n, in, r.n, d + r.y_first * n, r.y_step * n,
                    layer->x + r.x_first * in, r.x_step * in,
                    layer_gradient(layer, layer->w) + tap * in, taps * in, true);
        }
}

static void input_gradient(struct layer *layer, const struct layer_call *call, const float *d,
                           float *dx)
{
    size_t in = layer->spec.in_dim, n = layer->spec.out_dim, taps = layer->spec.taps;
    memset(dx, 0, call->n_step * layer->n_piece * in * sizeof *dx);
    for (size_t tap = 0; tap < taps; tap++)
        for (size_t set = 0; set < tap_sets(layer); set++) {
            struct tap_rows r = tap_rows(layer, call->n_step, tap, set);
            product(call->workers, PRODUCT_AB, r.n, in, n, d + r.y_first * n, r.y_step * n,
                    layer->w + tap * in, taps * in, dx + r.x_first * in, r.x_step * in, true);
        }
}

void affine_layer_backward(struct layer *layer, const struct layer_call *call, float *d, float *dx)
{
    size_t n_row = layer_rows(layer), n = layer->spec.out_dim;
    struct rows_of context = {layer, workers_lanes(call->workers), d};
    if (layer->spec.norm) batch_norm_backward(layer, call, d);
    else each_rows(call->workers, n_row, unfinish_rows, &context);
    if (layer->b) {
        tree_sum_columns(call->workers, n_row, n, d, layer_total(layer));
        layer_add_total(layer_gradient(layer, layer->b), layer_total(layer), n);
    }
    add_weight_gradient(layer, call, d);
    if (dx) input_gradient(layer, call, d, dx);
}

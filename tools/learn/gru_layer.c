/* SPDX-License-Identifier: MIT */
#include "tools/learn/gru_layer.h"

#include "tools/learn/product.h"
#include "tools/learn/tree_sum.h"

#include <string.h>

/* Pieces do not meet in a GRU: a thread takes some of them through all steps. For each it has four
   vectors of out_dim in its scratch memory. */
enum { GROUP_PIECES = 64 };
_Static_assert(GROUP_PIECES * 4 * LAYER_MOST_WIDTH <= WORKERS_SCRATCH,
               "a group fits the scratch memory");

bool gru_layer_reserve(struct layer *layer, struct failure *failure)
{
    size_t n_row = layer_rows(layer), h = layer->spec.out_dim;
    return buffer_reserve(&layer->raw, n_row * 3 * h, failure) &&
           buffer_reserve(&layer->inner, n_row * h, failure) &&
           buffer_reserve(&layer->y, n_row * h, failure) &&
           buffer_reserve(&layer->packed, packed_size(3 * h, h), failure) &&
           buffer_reserve(&layer->packed_back, packed_size(h, 3 * h), failure) &&
           buffer_reserve(&layer->columns, h, failure) &&
           buffer_reserve(&layer->total, 6 * h, failure);
}

struct through_time {
    struct layer *layer;
    struct workers *workers;
    const struct lane_table *lanes;
    const float *d;
    size_t group_pieces;
};

static struct through_time through_time_of(struct layer *layer, struct workers *workers)
{
    size_t n_piece = layer->n_piece, n_group = (n_piece + GROUP_PIECES - 1) / GROUP_PIECES;
    if (n_group < workers_count(workers)) n_group = workers_count(workers);
    return (struct through_time){.layer = layer, .workers = workers,
                                 .lanes = workers_lanes(workers),
                                 .group_pieces = (n_piece + n_group - 1) / n_group};
}

static void run_groups(struct through_time *c, workers_work *work)
{
    size_t n_group = (c->layer->n_piece + c->group_pieces - 1) / c->group_pieces;
    workers_run(c->workers, n_group, work, c);
}

/* The pieces of a group: `first` and their number. */
static size_t group_size(const struct through_time *c, size_t group, size_t *first)
{
    *first = group * c->group_pieces;
    size_t left = c->layer->n_piece - *first;
    return left < c->group_pieces ? left : c->group_pieces;
}

/* The state before a row: of the row one step earlier, or 0 (layer->columns). */
static const float *state_before(const struct layer *layer, size_t row)
{
    if (row < layer->n_piece) return layer->columns.data;
    return layer->y.data + (row - layer->n_piece) * layer->spec.out_dim;
}

static void step_row(const struct through_time *c, size_t row, const float *state)
{
    const struct layer *layer = c->layer;
    size_t h = layer->spec.out_dim;
    float *y = layer->y.data + row * h;
    if (layer_row_valid(layer, row))
        c->lanes->gates(layer->raw.data + row * 3 * h, state, layer->c, state_before(layer, row), h,
                        layer->inner.data + row * h, y);
    else memset(y, 0, h * sizeof *y);
}

static void forward_group(void *context, size_t thread, size_t group)
{
    const struct through_time *c = context;
    const struct layer *layer = c->layer;
    size_t h = layer->spec.out_dim, first, m = group_size(c, group, &first);
    float *state = workers_scratch(c->workers, thread);
    memset(state, 0, m * 3 * h * sizeof *state);
    for (size_t step = 0; step < layer->n_step; step++) {
        size_t row = step * layer->n_piece + first;
        if (step > 0)
            product_packed(c->lanes, m, 3 * h, h, state_before(layer, row), h, layer->packed.data,
                           state, 3 * h, false);
        for (size_t i = 0; i < m; i++) step_row(c, row + i, state + i * 3 * h);
    }
}

static void start_gate_rows(void *context, size_t first, size_t last)
{
    const struct layer *layer = context;
    size_t n = 3 * (size_t)layer->spec.out_dim;
    for (size_t row = first; row < last; row++)
        memcpy(layer->raw.data + row * n, layer->b, n * sizeof *layer->b);
}

void gru_layer_forward(struct layer *layer, const struct layer_call *call)
{
    size_t n_row = layer_rows(layer), in = layer->spec.in_dim, h = layer->spec.out_dim;
    struct through_time c = through_time_of(layer, call->workers);
    memset(layer->columns.data, 0, h * sizeof(float));
    packed_fill(c.lanes, PRODUCT_ABT, 3 * h, h, layer->u, h, layer->packed.data);
    each_rows(call->workers, n_row, start_gate_rows, layer);
    product(call->workers, PRODUCT_ABT, n_row, 3 * h, in, layer->x, in, layer->w, in,
            layer->raw.data, 3 * h, true);
    run_groups(&c, forward_group);
}

/* carried[h]: the gradient of the state from later steps; becomes that of the state before, without
   the product. state[3 h]: the gradient of U h. */
static void step_row_back(const struct through_time *c, size_t row, float *state, float *carried)
{
    const struct layer *layer = c->layer;
    size_t h = layer->spec.out_dim;
    float *gate = layer->raw.data + row * 3 * h, *inner = layer->inner.data + row * h;
    const float *d = c->d + row * h;
    if (!layer_row_valid(layer, row)) {
        memset(gate, 0, 3 * h * sizeof *gate);
        memset(inner, 0, h * sizeof *inner);
        memset(state, 0, 3 * h * sizeof *state);
        return;
    }
    for (size_t i = 0; i < h; i++) carried[i] += d[i];
    c->lanes->gates_back(gate, inner, state_before(layer, row), h, carried);
    memcpy(state, gate, 2 * h * sizeof *state);
    memcpy(state + 2 * h, inner, h * sizeof *state);
}

static void backward_group(void *context, size_t thread, size_t group)
{
    const struct through_time *c = context;
    const struct layer *layer = c->layer;
    size_t h = layer->spec.out_dim, first, m = group_size(c, group, &first);
    float *state = workers_scratch(c->workers, thread), *carried = state + m * 3 * h;
    memset(carried, 0, m * h * sizeof *carried);
    for (size_t step = layer->n_step; step-- > 0;) {
        size_t row = step * layer->n_piece + first;
        for (size_t i = 0; i < m; i++)
            step_row_back(c, row + i, state + i * 3 * h, carried + i * h);
        product_packed(c->lanes, m, h, 3 * h, state, 3 * h, layer->packed_back.data, carried, h,
                       true);
    }
}

/* The gradient of u, whose rows of n have another factor than those of r and z; before the first
   step h is 0. */
static void add_state_gradient(const struct layer *layer, struct workers *workers)
{
    size_t h = layer->spec.out_dim, one = layer->n_piece, n_row = layer_rows(layer) - one;
    float *du = layer_gradient(layer, layer->u);
    const float *gate = layer->raw.data + one * 3 * h, *inner = layer->inner.data + one * h;
    product(workers, PRODUCT_ATB, 2 * h, h, n_row, gate, 3 * h, layer->y.data, h, du, h, true);
    product(workers, PRODUCT_ATB, h, h, n_row, inner, h, layer->y.data, h, du + 2 * h * h, h, true);
}

void gru_layer_backward(struct layer *layer, const struct layer_call *call, const float *d,
                        float *dx)
{
    size_t n_row = layer_rows(layer), in = layer->spec.in_dim, h = layer->spec.out_dim;
    struct workers *workers = call->workers;
    struct through_time c = through_time_of(layer, workers);
    c.d = d;
    packed_fill(c.lanes, PRODUCT_AB, h, 3 * h, layer->u, h, layer->packed_back.data);
    run_groups(&c, backward_group);
    add_state_gradient(layer, workers);
    product(workers, PRODUCT_ATB, 3 * h, in, n_row, layer->raw.data, 3 * h, layer->x, in,
            layer_gradient(layer, layer->w), in, true);
    tree_sum_columns(workers, n_row, 3 * h, layer->raw.data, layer_total(layer));
    layer_add_total(layer_gradient(layer, layer->b), layer_total(layer), 3 * h);
    tree_sum_columns(workers, n_row, h, layer->inner.data, layer_total(layer));
    layer_add_total(layer_gradient(layer, layer->c), layer_total(layer), h);
    if (dx)
        product(workers, PRODUCT_AB, n_row, in, 3 * h, layer->raw.data, 3 * h, layer->w, in, dx, in,
                false);
}

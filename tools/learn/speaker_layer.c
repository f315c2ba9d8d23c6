/* SPDX-License-Identifier: MIT */
#include "tools/learn/speaker_layer.h"

#include <string.h>

bool speaker_layer_reserve(struct layer *layer, struct failure *failure)
{
    size_t n = layer->spec.out_dim;
    return buffer_reserve(&layer->y, layer_rows(layer) * n, failure) &&
           buffer_reserve(&layer->total, 2 * layer->n_piece * n, failure);
}

struct rows_of_speakers {
    const struct layer *layer;
    const struct lane_table *lanes;
    const uint32_t *speaker;
    const float *d;
    float *dx;
};

static void add_vectors(void *context, size_t first, size_t last)
{
    const struct rows_of_speakers *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++) {
        float *y = c->layer->y.data + row * n;
        if (!layer_row_valid(c->layer, row)) {
            memset(y, 0, n * sizeof *y);
            continue;
        }
        const float *x = c->layer->x + row * n;
        const float *v = c->layer->w + c->speaker[row % c->layer->n_piece] * n;
        for (size_t i = 0; i < n; i++) y[i] = x[i] + v[i];
    }
}

void speaker_layer_forward(struct layer *layer, const struct layer_call *call)
{
    struct rows_of_speakers c = {.layer = layer, .speaker = call->pass->speaker};
    each_rows(call->workers, layer_rows(layer), add_vectors, &c);
}

static void copy_valid(void *context, size_t first, size_t last)
{
    const struct rows_of_speakers *c = context;
    size_t n = c->layer->spec.out_dim;
    for (size_t row = first; row < last; row++)
        if (layer_row_valid(c->layer, row))
            memcpy(c->dx + row * n, c->d + row * n, n * sizeof *c->dx);
        else memset(c->dx + row * n, 0, n * sizeof *c->dx);
}

/* total[piece][out]: steps ascending. */
static void sum_piece(void *context, size_t thread, size_t piece)
{
    const struct rows_of_speakers *c = context;
    size_t n = c->layer->spec.out_dim;
    double *sum = layer_total(c->layer) + piece * n;
    (void)thread;
    memset(sum, 0, n * sizeof *sum);
    for (size_t step = 0; step < c->layer->length[piece]; step++)
        c->lanes->add(c->d + (step * c->layer->n_piece + piece) * n, n, sum);
}

void speaker_layer_backward(struct layer *layer, const struct layer_call *call, const float *d,
                            float *dx)
{
    struct rows_of_speakers c = {layer, workers_lanes(call->workers), call->pass->speaker, d, dx};
    size_t n = layer->spec.out_dim;
    workers_run(call->workers, layer->n_piece, sum_piece, &c);
    for (size_t piece = 0; piece < layer->n_piece; piece++)
        layer_add_total(layer_gradient(layer, layer->w) + c.speaker[piece] * n,
                        layer_total(layer) + piece * n, n);
    if (dx) each_rows(call->workers, layer_rows(layer), copy_valid, &c);
}

/* SPDX-License-Identifier: MIT */
/* Makes small learned encoders with random weights for tests. */
#ifndef VOQ_TESTS_ENCODERS_H
#define VOQ_TESTS_ENCODERS_H

#include "tests/support/random.h"

#include "voq.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_LAYERS = 8 };

/* A layer without its weights; out_dim 0 ends a list. */
struct layer_shape {
    uint32_t kind, out_dim, taps, dilation, right, stride;
};

static inline struct layer_shape conv_shape(uint32_t out_dim, uint32_t taps, uint32_t dilation,
                                            uint32_t right, uint32_t stride)
{
    return (struct layer_shape){VOQ_LAYER_CONV, out_dim, taps, dilation, right, stride};
}

static inline struct layer_shape gru_shape(uint32_t out_dim)
{
    return (struct layer_shape){VOQ_LAYER_GRU, out_dim, 1, 1, 0, 1};
}

static inline struct layer_shape latent_shape(uint32_t out_dim)
{
    return (struct layer_shape){VOQ_LAYER_LATENT, out_dim, 1, 1, 0, 1};
}

static inline uint32_t stride_of(const struct layer_shape *shape)
{
    uint32_t stride = 1;
    for (; shape->out_dim; shape++) stride *= shape->stride;
    return stride;
}

/* An encoder and the arrays that it points to. */
struct random_encoder {
    voq_layer layer[MOST_LAYERS];
    voq_encoder encoder;
    void *owned[MOST_LAYERS * 6];
    size_t n_owned;
};

static inline void *owned_array(struct random_encoder *e, size_t size)
{
    return e->owned[e->n_owned++] = malloc(size);
}

/* Multipliers such that most outputs are within +-target. */
static inline voq_matrix random_matrix(struct random_encoder *e, uint64_t *seed, size_t n_row,
                                       size_t n_column, double target)
{
    int8_t *weight = owned_array(e, n_row * n_column);
    int32_t *bias = owned_array(e, n_row * 4), *multiplier = owned_array(e, n_row * 4);
    for (size_t i = 0; i < n_row * n_column; i++) weight[i] = (int8_t)(random_below(seed, 255) - 127);
    for (size_t r = 0; r < n_row; r++) {
        bias[r] = (int32_t)random_below(seed, 4001) - 2000;
        multiplier[r] = (int32_t)(target / (2500.0 * sqrt((double)n_column)) * 0x1p27);
    }
    return (voq_matrix){weight, bias, multiplier, 27};
}

static inline void random_encoder_fill(struct random_encoder *e, const struct layer_shape *shape,
                                       uint32_t in_dim, uint64_t *seed)
{
    *e = (struct random_encoder){.n_owned = 0};
    size_t n = 0;
    for (; shape[n].out_dim; in_dim = shape[n++].out_dim) {
        const struct layer_shape *s = &shape[n];
        bool is_gru = s->kind == VOQ_LAYER_GRU, is_conv = s->kind == VOQ_LAYER_CONV;
        voq_layer *layer = &e->layer[n];
        *layer = (voq_layer){s->kind, in_dim, s->out_dim, s->taps, s->dilation, s->right, s->stride,
                             {0}, {0}};
        layer->input = random_matrix(e, seed, (is_gru ? 3 : 1) * (size_t)s->out_dim,
                                     (size_t)s->taps * in_dim, is_conv ? 60.0 : 4000.0);
        if (is_gru) layer->state = random_matrix(e, seed, 3 * (size_t)s->out_dim, s->out_dim, 4000.0);
    }
    e->encoder = (voq_encoder){sizeof e->encoder, sizeof *e->layer, e->layer, n};
}

static inline void random_encoder_free(struct random_encoder *e)
{
    for (size_t i = 0; i < e->n_owned; i++) free(e->owned[i]);
}

#endif

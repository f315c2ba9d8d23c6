/* SPDX-License-Identifier: MIT */
/* Lists of layers without their weights, and random networks of them. */
#ifndef VOQ_TESTS_LAYER_SHAPES_H
#define VOQ_TESTS_LAYER_SHAPES_H

#include "tests/support/networks.h"

/* out_dim 0 ends a list. */
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

static inline void network_of_shapes(struct network *network, const struct layer_shape *s,
                                     uint32_t in_dim, uint64_t *seed)
{
    network_begin(network);
    for (; s->out_dim; in_dim = s++->out_dim) {
        if (s->kind == VOQ_LAYER_CONV)
            network_conv(network, seed,
                         CONV(in_dim, s->out_dim, s->taps, s->dilation, s->right, s->stride));
        else if (s->kind == VOQ_LAYER_GRU)
            network_gru(network, seed, in_dim, s->out_dim);
        else
            network_latent(network, seed, in_dim, s->out_dim);
    }
}

#endif

/* SPDX-License-Identifier: MIT */
/* Random encoders for tests: weights of any size, and multipliers that use the range of outputs. */
#ifndef VOQ_TESTS_NETWORKS_H
#define VOQ_TESTS_NETWORKS_H

#include "tests/support/random.h"

#include "voq.h"

#include <stdlib.h>

enum { MOST_LAYERS = 16 };

/* A network of the caller's layers, whose matrices it owns. */
struct network {
    voq_layer layer[MOST_LAYERS];
    voq_encoder encoder;
};

static inline void network_begin(struct network *network)
{
    *network = (struct network){
        .encoder = {sizeof network->encoder, sizeof *network->layer, network->layer, 0}};
}

static inline voq_layer *network_add(struct network *network, voq_layer layer)
{
    network->layer[network->encoder.n_layer] = layer;
    return &network->layer[network->encoder.n_layer++];
}

/* Rows whose results are about `reach` at most: |sum| is about 4000 * sqrt(columns). */
static inline voq_matrix random_matrix(uint64_t *seed, size_t n_row, size_t n_column, double reach)
{
    int8_t *weight = malloc(n_row * n_column);
    int32_t *bias = malloc(4 * n_row), *multiplier = malloc(4 * n_row);
    size_t root = 1;
    while (root * root < n_column) root++;
    for (size_t i = 0; i < n_row * n_column; i++)
        weight[i] = (int8_t)((int)random_below(seed, 255) - 127);
    for (size_t r = 0; r < n_row; r++) {
        bias[r] = (int32_t)random_below(seed, 20001) - 10000;
        double spread = 0.5 + (double)random_below(seed, 100) / 50.0;
        double scale = spread * reach / (4000.0 * (double)root);
        multiplier[r] = 1 + (int32_t)(scale * (1 << 28));
    }
    return (voq_matrix){weight, bias, multiplier, 28};
}

static inline void matrix_free(voq_matrix *matrix)
{
    free((void *)(uintptr_t)matrix->weight);
    free((void *)(uintptr_t)matrix->bias);
    free((void *)(uintptr_t)matrix->multiplier);
}

static inline void network_free(struct network *network)
{
    for (size_t i = 0; i < network->encoder.n_layer; i++) {
        matrix_free(&network->layer[i].input);
        if (network->layer[i].kind == VOQ_LAYER_GRU) matrix_free(&network->layer[i].state);
    }
}

static inline void network_conv(struct network *network, uint64_t *seed, voq_layer shape)
{
    voq_layer *layer = network_add(network, shape);
    layer->kind = VOQ_LAYER_CONV;
    layer->input = random_matrix(seed, shape.out_dim, (size_t)shape.taps * shape.in_dim, 60);
}

static inline void network_gru(struct network *network, uint64_t *seed, uint32_t in, uint32_t out)
{
    voq_layer *layer =
        network_add(network, (voq_layer){VOQ_LAYER_GRU, in, out, 1, 1, 0, 1, {0}, {0}});
    layer->input = random_matrix(seed, 3 * (size_t)out, in, 4000);
    layer->state = random_matrix(seed, 3 * (size_t)out, out, 3000);
}

static inline void network_latent(struct network *network, uint64_t *seed, uint32_t in,
                                  uint32_t out)
{
    voq_layer *layer =
        network_add(network, (voq_layer){VOQ_LAYER_LATENT, in, out, 1, 1, 0, 1, {0}, {0}});
    layer->input = random_matrix(seed, out, in, 2500);
}

/* conv OUT TAPS; dilation, right and stride. */
#define CONV(in, out, n_tap, by, after, every)                                                     \
    (voq_layer){.in_dim = (in), .out_dim = (out), .taps = (n_tap), .dilation = (by),               \
                .right = (after), .stride = (every)}

/* The size of a model of speech: 924 thousand weights, 7 frames of look-ahead. */
static inline void network_of_full_size(struct network *network, uint32_t in_dim)
{
    uint64_t seed = 5;
    network_begin(network);
    network_conv(network, &seed, CONV(in_dim, 256, 5, 1, 2, 1));
    network_conv(network, &seed, CONV(256, 256, 3, 1, 1, 1));
    network_gru(network, &seed, 256, 192);
    network_conv(network, &seed, CONV(192, 256, 3, 4, 1, 1));
    network_gru(network, &seed, 256, 192);
    network_latent(network, &seed, 192, 64);
}

/* The same in small, with a stride of two: 2 frames of look-ahead. */
static inline void network_of_small_size(struct network *network, uint32_t in_dim)
{
    uint64_t seed = 6;
    network_begin(network);
    network_conv(network, &seed, CONV(in_dim, 12, 3, 1, 1, 1));
    network_conv(network, &seed, CONV(12, 10, 2, 1, 1, 2));
    network_gru(network, &seed, 10, 7);
    network_conv(network, &seed, CONV(7, 9, 3, 2, 0, 1));
    network_latent(network, &seed, 9, 6);
}

/* A layer of each kind, as small as they can be with every number of their matrices in use. */
static inline void network_of_least_size(struct network *network, uint32_t in_dim)
{
    uint64_t seed = 7;
    network_begin(network);
    network_conv(network, &seed, CONV(in_dim, 2, 3, 2, 1, 2));
    network_gru(network, &seed, 2, 1);
    network_latent(network, &seed, 1, 3);
}

#endif

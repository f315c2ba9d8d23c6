/* SPDX-License-Identifier: MIT */
/* What a layer of a network is, without its weights. */
#ifndef VOQ_LEARN_LAYER_H
#define VOQ_LEARN_LAYER_H

#include <stdbool.h>
#include <stdint.h>

enum layer_kind {
    LAYER_CONV = 1,   /* convolution; with norm, without bias; relu or linear */
    LAYER_GRU = 2,    /* hidden state of out_dim */
    LAYER_LATENT = 3, /* linear, then tanh */
    LAYER_LINEAR = 4,
    LAYER_SPEAKER = 5 /* adds a learned vector per speaker; taps holds the number of speakers */
};

enum { LAYER_MOST_WIDTH = 1024 }; /* of a GRU, and of a layer with norm */

struct layer_spec {
    uint32_t kind; /* enum layer_kind */
    uint32_t in_dim, out_dim;
    uint32_t taps, dilation, right, stride;
    bool relu, norm; /* norm: batch norm */
    float dropout;
};

#endif

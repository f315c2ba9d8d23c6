/* SPDX-License-Identifier: MIT */
#include "tools/learn/float_network.h"

#include "tools/base/growing.h"

#include <stdlib.h>

bool float_network_new(struct float_network *network, const struct encoder_spec *spec,
                       struct failure *failure)
{
    *network = (struct float_network){.spec = *spec};
    for (size_t i = 0; i < spec->n_layer; i++) {
        const struct layer_spec *of = &spec->layer[i];
        struct float_layer *layer = &network->layer[i];
        size_t rows = float_layer_rows(of);
        layer->bias = zeroed(rows, sizeof(float), failure);
        if (!layer->bias) return false;
        if (of->kind == LAYER_SPEAKER) continue;
        layer->weight = zeroed(rows * of->taps * of->in_dim, sizeof(float), failure);
        if (!layer->weight) return false;
        if (of->kind != LAYER_GRU) continue;
        layer->state_weight = zeroed(rows * of->out_dim, sizeof(float), failure);
        layer->state_bias = zeroed(rows, sizeof(float), failure);
        if (!layer->state_weight || !layer->state_bias) return false;
    }
    return true;
}

void float_network_free(struct float_network *network)
{
    for (size_t i = 0; i < network->spec.n_layer; i++) {
        struct float_layer *layer = &network->layer[i];
        free(layer->weight);
        free(layer->bias);
        free(layer->state_weight);
        free(layer->state_bias);
    }
    *network = (struct float_network){0};
}

/* SPDX-License-Identifier: MIT */
#include "tools/learn/network.h"

#include "tools/learn/affine_layer.h"
#include "tools/learn/dropout.h"
#include "tools/learn/gru_layer.h"
#include "tools/learn/layer_work.h"
#include "tools/learn/speaker_layer.h"

#include <stdlib.h>
#include <string.h>

static bool reserve_layer(struct layer *layer, struct failure *failure)
{
    switch (layer->spec.kind) {
    case LAYER_GRU: return gru_layer_reserve(layer, failure);
    case LAYER_SPEAKER: return speaker_layer_reserve(layer, failure);
    default: return affine_layer_reserve(layer, failure);
    }
}

static bool reserve_lengths(struct layer *layer, size_t n_piece, struct failure *failure)
{
    if (n_piece <= layer->length_room) return true;
    free(layer->length);
    layer->length = malloc(n_piece * sizeof *layer->length);
    layer->length_room = layer->length ? n_piece : 0;
    return layer->length || fail_memory(failure);
}

static uint32_t length_after(uint32_t length, uint32_t stride)
{
    return (length + stride / 2) / stride;
}

uint32_t network_length(const struct network *network, uint32_t length)
{
    return length_after(length, network->stride);
}

/* Sizes of this batch, and memory for them. */
static bool prepare(struct layer *layer, const struct pass *pass, struct failure *failure)
{
    layer->n_step = pass->n_step / layer->total_stride;
    layer->n_piece = pass->n_piece;
    if (!reserve_lengths(layer, pass->n_piece, failure)) return false;
    layer->n_valid = 0;
    for (size_t i = 0; i < pass->n_piece; i++) {
        layer->length[i] = length_after(pass->length[i], layer->total_stride);
        if (layer->length[i] > layer->n_step) layer->length[i] = (uint32_t)layer->n_step;
        layer->n_valid += layer->length[i];
    }
    size_t n = layer_rows(layer) * layer->spec.out_dim;
    bool drops = layer->spec.dropout > 0 && pass->mode == NETWORK_TRAIN;
    return reserve_layer(layer, failure) &&
           (!drops || buffer_reserve(&layer->dropped, n, failure));
}

static const float *forward_layer(struct layer *layer, const struct layer_call *call)
{
    switch (layer->spec.kind) {
    case LAYER_GRU: gru_layer_forward(layer, call); break;
    case LAYER_SPEAKER: speaker_layer_forward(layer, call); break;
    default: affine_layer_forward(layer, call);
    }
    if (!(layer->spec.dropout > 0) || call->pass->mode != NETWORK_TRAIN) return layer->y.data;
    dropout_rows(layer, call, layer->y.data, layer->dropped.data);
    return layer->dropped.data;
}

/* The widest output of a layer, with its rows, fits both buffers of the way back. */
static bool reserve_back(struct network *network, struct failure *failure)
{
    size_t most = 0;
    for (size_t i = 0; i < network->n_layer; i++) {
        size_t n = layer_rows(&network->layer[i]) * network->layer[i].spec.out_dim;
        if (n > most) most = n;
    }
    return buffer_reserve(&network->back[0], most, failure) &&
           buffer_reserve(&network->back[1], most, failure);
}

const float *network_forward(struct network *network, struct workers *workers,
                             const struct pass *pass, struct failure *failure)
{
    const float *x = pass->x;
    struct layer_call call = {workers, pass, pass->n_step};
    for (size_t i = 0; i < network->n_layer; i++) {
        struct layer *layer = &network->layer[i];
        if (!prepare(layer, pass, failure)) return NULL;
        layer->x = x;
        x = forward_layer(layer, &call);
        call.n_step = layer->n_step;
    }
    network->n_row = call.n_step * pass->n_piece;
    if (pass->mode == NETWORK_TRAIN && !reserve_back(network, failure)) return NULL;
    return x;
}

static void backward_layer(struct layer *layer, const struct layer_call *call, float *d, float *dx)
{
    if (layer->spec.dropout > 0) dropout_rows(layer, call, d, d);
    switch (layer->spec.kind) {
    case LAYER_GRU: gru_layer_backward(layer, call, d, dx); break;
    case LAYER_SPEAKER: speaker_layer_backward(layer, call, d, dx); break;
    default: affine_layer_backward(layer, call, d, dx);
    }
}

void network_backward(struct network *network, struct workers *workers, const struct pass *pass,
                      const float *dy, float *dx)
{
    float *d = network->back[0].data, *next = network->back[1].data;
    memcpy(d, dy, network->n_row * network->out_dim * sizeof *d);
    for (size_t i = network->n_layer; i-- > 0;) {
        struct layer *layer = &network->layer[i];
        size_t n_step = i ? network->layer[i - 1].n_step : pass->n_step;
        backward_layer(layer, &(struct layer_call){workers, pass, n_step}, d, i ? next : dx);
        float *swapped = d;
        d = next;
        next = swapped;
    }
}

/* SPDX-License-Identifier: MIT */
#include "tools/learn/layer_work.h"
#include "tools/learn/start_weights.h"

#include <stdlib.h>

/* Takes n values of an array of which `used` are taken; base NULL: only counts. */
static float *take(float *base, size_t *used, size_t n)
{
    float *taken = base ? base + *used : NULL;
    *used += n;
    return taken;
}

static void take_gru(struct layer *layer, float *parameter, size_t *used)
{
    size_t in = layer->spec.in_dim, h = layer->spec.out_dim;
    layer->w = take(parameter, used, 3 * h * in);
    layer->u = take(parameter, used, 3 * h * h);
    layer->b = take(parameter, used, 3 * h);
    layer->c = take(parameter, used, h);
}

static void take_affine(struct layer *layer, struct network *network)
{
    const struct layer_spec *spec = &layer->spec;
    size_t n = spec->out_dim, *used = &network->n_parameter;
    layer->w = take(network->parameter, used, n * spec->taps * spec->in_dim);
    if (!spec->norm) {
        layer->b = take(network->parameter, used, n);
        return;
    }
    layer->gamma = take(network->parameter, used, n);
    layer->beta = take(network->parameter, used, n);
    layer->mean = take(network->statistic, &network->n_statistic, n);
    layer->variance = take(network->statistic, &network->n_statistic, n);
}

/* Gives every layer its place; without the arrays it only finds their sizes. */
static void take_all(struct network *network)
{
    network->n_parameter = network->n_statistic = 0;
    for (size_t i = 0; i < network->n_layer; i++) {
        struct layer *layer = &network->layer[i];
        const struct layer_spec *spec = &layer->spec;
        if (spec->kind == LAYER_GRU)
            take_gru(layer, network->parameter, &network->n_parameter);
        else if (spec->kind == LAYER_SPEAKER)
            layer->w = take(network->parameter, &network->n_parameter,
                            (size_t)spec->taps * spec->out_dim);
        else take_affine(layer, network);
        layer->to_gradient = network->gradient - network->parameter;
    }
}

/* What a kind of layer does not use has one value. */
static struct layer_spec complete(struct layer_spec spec)
{
    bool in_time = spec.kind == LAYER_CONV;
    if (!in_time && spec.kind != LAYER_SPEAKER) spec.taps = 1;
    if (!in_time) spec.right = 0;
    if (!in_time) spec.relu = spec.norm = false;
    if (!in_time || spec.dilation == 0) spec.dilation = 1;
    if (!in_time || spec.stride == 0) spec.stride = 1;
    return spec;
}

static bool place_layers(struct network *network, const struct layer_spec *spec,
                         struct failure *failure)
{
    network->layer = calloc(network->n_layer, sizeof *network->layer);
    if (!network->layer) return fail_memory(failure);
    network->stride = 1;
    for (size_t i = 0; i < network->n_layer; i++) {
        struct layer *layer = &network->layer[i];
        layer->spec = complete(spec[i]);
        layer->index = (uint32_t)i;
        layer->total_stride = network->stride *= layer->spec.stride;
    }
    network->in_dim = spec[0].in_dim;
    network->out_dim = spec[network->n_layer - 1].out_dim;
    return true;
}

/* Parameters and gradient are one piece of memory, so that their distance is a number of floats. */
static bool place_arrays(struct network *network, struct failure *failure)
{
    take_all(network);
    network->parameter = calloc(2 * network->n_parameter, sizeof *network->parameter);
    network->statistic = calloc(network->n_statistic + 1, sizeof *network->statistic);
    if (!network->parameter || !network->statistic) return fail_memory(failure);
    network->gradient = network->parameter + network->n_parameter;
    take_all(network);
    return true;
}

static bool start_all(struct network *network, uint64_t seed, struct failure *failure)
{
    for (size_t i = 0; i < network->n_layer; i++)
        if (!start_weights(&network->layer[i], seed, failure)) return false;
    return true;
}

bool network_new(struct network **out, const struct layer_spec *spec, size_t n_layer, uint64_t seed,
                 struct failure *failure)
{
    struct network *network = *out = calloc(1, sizeof *network);
    if (!network) return fail_memory(failure);
    network->n_layer = n_layer;
    if (place_layers(network, spec, failure) && place_arrays(network, failure) &&
        start_all(network, seed, failure))
        return true;
    network_free(network);
    *out = NULL;
    return false;
}

static void free_layer(struct layer *layer)
{
    free(layer->length);
    struct buffer *buffers[] = {&layer->raw, &layer->inner, &layer->y, &layer->dropped,
                                &layer->columns, &layer->packed, &layer->packed_back,
                                &layer->total};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) buffer_free(buffers[i]);
}

void network_free(struct network *network)
{
    if (!network) return;
    for (size_t i = 0; network->layer && i < network->n_layer; i++) free_layer(&network->layer[i]);
    for (int i = 0; i < 2; i++) buffer_free(&network->back[i]);
    free(network->layer);
    free(network->parameter);
    free(network->statistic);
    free(network);
}

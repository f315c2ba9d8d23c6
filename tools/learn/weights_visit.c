/* SPDX-License-Identifier: MIT */
#include "tools/learn/weights_visit.h"

#include "tools/base/growing.h"
#include "tools/learn/layer_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct visit {
    const char *prefix;
    size_t index;
    weights_visitor *visitor;
    void *context;
    struct failure *failure;
};

static bool give(const struct visit *visit, const char *name, size_t n_axis, uint64_t first,
                 uint64_t second, uint64_t third, float *value)
{
    char whole[WEIGHT_NAME];
    const uint64_t shape[WEIGHT_AXES] = {first, second, third};
    snprintf(whole, sizeof whole, "%s.%zu.%s", visit->prefix, visit->index, name);
    return visit->visitor(visit->context, whole, shape, n_axis, value, visit->failure);
}

/* w[out][tap][in] as PyTorch's [out][in][tap]. */
static bool give_taps(const struct visit *visit, const struct layer *layer)
{
    size_t out = layer->spec.out_dim, in = layer->spec.in_dim, taps = layer->spec.taps;
    float *turned = zeroed(out * in * taps, sizeof *turned, visit->failure);
    if (!turned) return false;
    for (size_t o = 0; o < out; o++)
        for (size_t j = 0; j < taps; j++)
            for (size_t i = 0; i < in; i++)
                turned[(o * in + i) * taps + j] = layer->w[(o * taps + j) * in + i];
    bool good = give(visit, "weight", 3, out, in, taps, turned);
    for (size_t o = 0; o < out; o++)
        for (size_t j = 0; j < taps; j++)
            for (size_t i = 0; i < in; i++)
                layer->w[(o * taps + j) * in + i] = turned[(o * in + i) * taps + j];
    free(turned);
    return good;
}

/* PyTorch has two biases for each gate; those of r and z are added up. */
static bool give_state_bias(const struct visit *visit, const struct layer *layer)
{
    size_t out = layer->spec.out_dim;
    float *bias = zeroed(3 * out, sizeof *bias, visit->failure);
    if (!bias) return false;
    memcpy(bias + 2 * out, layer->c, out * sizeof *bias);
    bool good = give(visit, "bias_hh_l0", 1, 3 * out, 0, 0, bias);
    for (size_t i = 0; i < 2 * out; i++) layer->b[i] += bias[i];
    memcpy(layer->c, bias + 2 * out, out * sizeof *bias);
    free(bias);
    return good;
}

static bool visit_layer(const struct visit *visit, const struct layer *layer)
{
    size_t out = layer->spec.out_dim, in = layer->spec.in_dim;
    switch (layer->spec.kind) {
    case LAYER_GRU:
        return give(visit, "weight_ih_l0", 2, 3 * out, in, 0, layer->w) &&
               give(visit, "weight_hh_l0", 2, 3 * out, out, 0, layer->u) &&
               give(visit, "bias_ih_l0", 1, 3 * out, 0, 0, layer->b) &&
               give_state_bias(visit, layer);
    case LAYER_CONV:
        if (!give_taps(visit, layer)) return false;
        if (!layer->spec.norm) return give(visit, "bias", 1, out, 0, 0, layer->b);
        return give(visit, "norm.weight", 1, out, 0, 0, layer->gamma) &&
               give(visit, "norm.bias", 1, out, 0, 0, layer->beta) &&
               give(visit, "norm.running_mean", 1, out, 0, 0, layer->mean) &&
               give(visit, "norm.running_var", 1, out, 0, 0, layer->variance);
    case LAYER_SPEAKER: return give(visit, "speakers", 2, layer->spec.taps, out, 0, layer->w);
    default:
        return give(visit, "weight", 2, out, in, 0, layer->w) &&
               give(visit, "bias", 1, out, 0, 0, layer->b);
    }
}

bool weights_visit(struct network *network, const char *prefix, weights_visitor *visitor,
                   void *context, struct failure *failure)
{
    struct visit visit = {prefix, 0, visitor, context, failure};
    for (; visit.index < network->n_layer; visit.index++)
        if (!visit_layer(&visit, &network->layer[visit.index])) return false;
    return true;
}

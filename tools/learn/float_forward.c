/* SPDX-License-Identifier: MIT */
#include "tools/learn/float_network.h"

#include "tools/base/growing.h"
#include "tools/learn/product.h"

#include <stdlib.h>
#include <string.h>

struct float_forward {
    const struct float_network *network;
    const struct lane_table *lanes;
    float *weight[ENCODER_MOST_LAYERS]; /* packed, [tap] */
    float *state[ENCODER_MOST_LAYERS];  /* packed, of a GRU */
    float *value[2]; /* input and output of a layer, [n_most][widest] */
    float *gates;    /* [n_most][rows] of a GRU, from its input */
    float *state_gates; /* [rows] */
};

/* A forward pass through one layer: x[n] to y. */
struct step {
    const struct layer_spec *spec;
    const struct float_layer *layer;
    const float *weight, *state; /* packed */
    const float *x;
    float *y;
    size_t n;
};

static float *pack(const struct float_forward *forward, size_t rows, size_t n, const float *w,
                   size_t taps, struct failure *failure)
{
    size_t one = packed_size(rows, n);
    float *packed = zeroed(one * taps, sizeof *packed, failure);
    for (size_t j = 0; packed && j < taps; j++)
        packed_fill(forward->lanes, PRODUCT_ABT, rows, n, w + j * n, taps * n, packed + j * one);
    return packed;
}

static bool pack_layers(struct float_forward *forward, size_t *widest, size_t *most_rows,
                        struct failure *failure)
{
    const struct encoder_spec *network = &forward->network->spec;
    for (size_t i = 0; i < network->n_layer; i++) {
        const struct layer_spec *spec = &network->layer[i];
        const struct float_layer *layer = &forward->network->layer[i];
        size_t rows = float_layer_rows(spec);
        if (spec->out_dim > *widest) *widest = spec->out_dim;
        if (spec->kind == LAYER_SPEAKER) continue;
        forward->weight[i] = pack(forward, rows, spec->in_dim, layer->weight, spec->taps, failure);
        if (!forward->weight[i]) return false;
        if (spec->kind != LAYER_GRU) continue;
        if (rows > *most_rows) *most_rows = rows;
        forward->state[i] = pack(forward, rows, spec->out_dim, layer->state_weight, 1, failure);
        if (!forward->state[i]) return false;
    }
    return true;
}

bool float_forward_new(struct float_forward **made, const struct float_network *network,
                       size_t n_most, struct failure *failure)
{
    size_t widest = 1, most_rows = 0;
    struct float_forward *forward = *made = zeroed(1, sizeof *forward, failure);
    if (!forward) return false;
    forward->network = network;
    forward->lanes = lane_table_best();
    bool good = pack_layers(forward, &widest, &most_rows, failure);
    for (int i = 0; good && i < 2; i++)
        good = (forward->value[i] = zeroed(n_most * widest, sizeof(float), failure));
    good = good && (forward->gates = zeroed(n_most * most_rows, sizeof(float), failure)) &&
           (forward->state_gates = zeroed(most_rows, sizeof(float), failure));
    if (good) return true;
    float_forward_free(forward);
    *made = NULL;
    return false;
}

void float_forward_free(struct float_forward *forward)
{
    if (!forward) return;
    for (size_t i = 0; i < ENCODER_MOST_LAYERS; i++) {
        free(forward->weight[i]);
        free(forward->state[i]);
    }
    for (int i = 0; i < 2; i++) free(forward->value[i]);
    free(forward->gates);
    free(forward->state_gates);
    free(forward);
}

/* y[n][rows] = bias + x . weight */
static void multiply(const struct float_forward *forward, const struct step *step, float *y)
{
    size_t rows = float_layer_rows(step->spec), in = step->spec->in_dim;
    for (size_t t = 0; t < step->n; t++)
        memcpy(y + t * rows, step->layer->bias, rows * sizeof *y);
    product_packed(forward->lanes, step->n, rows, in, step->x, in, step->weight, y, rows, true);
}

/* Adds tap j to the outputs y[n_out] whose input frame is not outside. */
static void add_tap(const struct float_forward *forward, const struct step *step, size_t j,
                    size_t n_out)
{
    const struct layer_spec *spec = step->spec;
    size_t rows = spec->out_dim, in = spec->in_dim, stride = spec->stride;
    const float *weight = step->weight + j * packed_size(rows, in);
    int64_t shift = (int64_t)stride - 1 +
                    ((int64_t)j - (int64_t)(spec->taps - 1 - spec->right)) * spec->dilation;
    size_t first = shift < 0 ? ((size_t)-shift + stride - 1) / stride : 0;
    size_t end = n_out;
    while (end > first && (int64_t)((end - 1) * stride) + shift >= (int64_t)step->n) end--;
    if (first >= end) return;
    const float *x = step->x + ((int64_t)(first * stride) + shift) * (int64_t)in;
    product_packed(forward->lanes, end - first, rows, in, x, stride * in, weight,
                   step->y + first * rows, rows, true);
}

/* Frames that the last output lacks are zeros; more than half of them must be there. */
static size_t run_conv(const struct float_forward *forward, const struct step *step)
{
    size_t rows = step->spec->out_dim, stride = step->spec->stride;
    size_t n_out = (step->n + stride / 2) / stride;
    for (size_t t = 0; t < n_out; t++)
        memcpy(step->y + t * rows, step->layer->bias, rows * sizeof *step->y);
    for (size_t j = 0; j < step->spec->taps; j++) add_tap(forward, step, j, n_out);
    for (size_t i = 0; step->spec->relu && i < n_out * rows; i++)
        step->y[i] = step->y[i] > 0 ? step->y[i] : 0;
    return n_out;
}

static void run_speaker(const struct step *step)
{
    size_t dim = step->spec->out_dim;
    for (size_t t = 0; t < step->n; t++)
        for (size_t i = 0; i < dim; i++)
            step->y[t * dim + i] = step->x[t * dim + i] + step->layer->bias[i];
}

static void run_gru(const struct float_forward *forward, const struct step *step)
{
    size_t H = step->spec->out_dim, rows = 3 * H;
    float *gh = forward->state_gates;
    multiply(forward, step, forward->gates);
    for (size_t t = 0; t < step->n; t++) {
        float *gate = forward->gates + t * rows, *new = gate + 2 * H, *h = step->y + t * H;
        memcpy(gh, step->layer->state_bias, rows * sizeof *gh);
        if (t > 0)
            product_packed(forward->lanes, 1, rows, H, h - H, H, step->state, gh, rows, true);
        for (size_t k = 0; k < 2 * H; k++) gate[k] += gh[k];
        forward->lanes->logistic(gate, 2 * H);
        for (size_t k = 0; k < H; k++) new[k] += gate[k] * gh[2 * H + k];
        forward->lanes->tanh(new, H);
        for (size_t k = 0; k < H; k++)
            h[k] = new[k] + gate[H + k] * ((t > 0 ? h[k - H] : 0) - new[k]);
    }
}

const float *float_forward_run(struct float_forward *forward, const float *x, size_t n,
                               float_forward_see *see, void *context, size_t *n_latent)
{
    const struct float_network *network = forward->network;
    for (size_t i = 0; i < network->spec.n_layer; i++) {
        const struct layer_spec *spec = &network->spec.layer[i];
        const struct step step = {spec, &network->layer[i], forward->weight[i], forward->state[i],
                                  x, forward->value[i % 2], n};
        if (spec->kind == LAYER_CONV) {
            n = run_conv(forward, &step);
        } else if (spec->kind == LAYER_GRU) {
            run_gru(forward, &step);
        } else if (spec->kind == LAYER_SPEAKER) {
            run_speaker(&step);
        } else {
            multiply(forward, &step, step.y);
            forward->lanes->tanh(step.y, n * spec->out_dim);
        }
        if (see) see(context, i, step.y, n);
        x = step.y;
    }
    *n_latent = n;
    return x;
}

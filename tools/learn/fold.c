/* SPDX-License-Identifier: MIT */
#include "tools/learn/batch_norm.h"

#include <math.h>
#include <string.h>

static void fold_norm(const struct layer *layer, float *w, float *b)
{
    size_t n_in = (size_t)layer->spec.taps * layer->spec.in_dim;
    for (size_t i = 0; i < layer->spec.out_dim; i++) {
        double scale = (double)layer->gamma[i] / sqrt((double)layer->variance[i] + BATCH_NORM_EPS);
        for (size_t j = 0; j < n_in; j++)
            w[i * n_in + j] = (float)((double)layer->w[i * n_in + j] * scale);
        b[i] = (float)((double)layer->beta[i] - (double)layer->mean[i] * scale);
    }
}

static void copy_gru(const struct layer *layer, float *w, float *b, float *u, float *c)
{
    size_t in = layer->spec.in_dim, h = layer->spec.out_dim;
    memcpy(w, layer->w, 3 * h * in * sizeof *w);
    memcpy(b, layer->b, 3 * h * sizeof *b);
    memcpy(u, layer->u, 3 * h * h * sizeof *u);
    memset(c, 0, 2 * h * sizeof *c);
    memcpy(c + 2 * h, layer->c, h * sizeof *c);
}

void network_fold(const struct network *network, size_t index, float *w, float *b, float *u,
                  float *c)
{
    const struct layer *layer = &network->layer[index];
    size_t n = layer->spec.out_dim, n_in = (size_t)layer->spec.taps * layer->spec.in_dim;
    if (layer->spec.kind == LAYER_GRU) {
        copy_gru(layer, w, b, u, c);
    } else if (layer->spec.norm) {
        fold_norm(layer, w, b);
    } else {
        memcpy(w, layer->w, n * n_in * sizeof *w);
        memcpy(b, layer->b, n * sizeof *b);
    }
}

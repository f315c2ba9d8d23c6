/* SPDX-License-Identifier: MIT */
#include "tools/learn/start_weights.h"

#include "tools/base/normal.h"

#include <math.h>
#include <stdlib.h>

/* Makes vectors 0 to n-1 of m, each `size` doubles, orthogonal and of length 1 (Gram-Schmidt, each
   vector twice). */
static void make_orthonormal(double *m, size_t n, size_t size)
{
    for (size_t i = 0; i < n; i++) {
        double *v = m + i * size, length = 0;
        for (size_t j = 0; j < 2 * i; j++) {
            const double *u = m + j % i * size;
            double along = 0;
            for (size_t k = 0; k < size; k++) along += v[k] * u[k];
            for (size_t k = 0; k < size; k++) v[k] -= along * u[k];
        }
        for (size_t k = 0; k < size; k++) length += v[k] * v[k];
        length = sqrt(length);
        for (size_t k = 0; k < size; k++) v[k] /= length;
    }
}

/* The shorter of rows and columns are orthonormal. */
static bool start_orthogonal(float *w, size_t n_row, size_t n_column, struct rng *rng,
                             struct failure *failure)
{
    bool wide = n_row <= n_column;
    size_t n = wide ? n_row : n_column, size = wide ? n_column : n_row;
    double *m = malloc(n * size * sizeof *m);
    if (!m) return fail_memory(failure);
    for (size_t i = 0; i < n * size; i++) m[i] = rng_normal(rng);
    make_orthonormal(m, n, size);
    for (size_t i = 0; i < n_row; i++)
        for (size_t j = 0; j < n_column; j++)
            w[i * n_column + j] = (float)(wide ? m[i * size + j] : m[j * size + i]);
    free(m);
    return true;
}

static bool start_gru(struct layer *layer, struct rng *rng, struct failure *failure)
{
    size_t in = layer->spec.in_dim, h = layer->spec.out_dim;
    for (size_t gate = 0; gate < 3; gate++)
        if (!start_orthogonal(layer->w + gate * h * in, h, in, rng, failure) ||
            !start_orthogonal(layer->u + gate * h * h, h, h, rng, failure))
            return false;
    return true;
}

static void start_uniform(float *x, size_t n, double limit, struct rng *rng)
{
    for (size_t i = 0; i < n; i++) x[i] = (float)((2 * rng_unit(rng) - 1) * limit);
}

/* The arrays hold zeros before. */
bool start_weights(struct layer *layer, uint64_t seed, struct failure *failure)
{
    struct rng rng;
    rng_start(&rng, seed, RNG_WEIGHTS, layer->index);
    if (layer->spec.kind == LAYER_SPEAKER) return true;
    if (layer->spec.kind == LAYER_GRU) return start_gru(layer, &rng, failure);
    size_t n = layer->spec.out_dim, n_in = (size_t)layer->spec.taps * layer->spec.in_dim;
    double limit = 1 / sqrt((double)n_in);
    start_uniform(layer->w, n * n_in, limit, &rng);
    if (layer->b) start_uniform(layer->b, n, limit, &rng);
    for (size_t i = 0; layer->gamma && i < n; i++) layer->gamma[i] = layer->variance[i] = 1;
    return true;
}

/* SPDX-License-Identifier: MIT */
/* A network by its equations in double, one value at a time: what tests compare layers with. It has
   the parameters of a `struct network` in an array of doubles, and its dropout, if any. */
#ifndef VOQ_TESTS_PLAIN_NETWORK_H
#define VOQ_TESTS_PLAIN_NETWORK_H

#include "tools/learn/layer_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct plain {
    const struct network *network;
    const double *parameter; /* [n_parameter] */
    const struct pass *pass;
    const double *x; /* pass->x */
};

/* Values of one layer: [step][piece][dim]. */
struct plain_rows {
    size_t n_step, n_piece, dim;
    double *value;
};

static inline struct plain_rows plain_rows_new(size_t n_step, size_t n_piece, size_t dim)
{
    double *value = calloc(n_step * n_piece * dim + 1, sizeof *value);
    if (!value) abort();
    return (struct plain_rows){n_step, n_piece, dim, value};
}

static inline double *plain_at(struct plain_rows rows, size_t step, size_t piece)
{
    return rows.value + (step * rows.n_piece + piece) * rows.dim;
}

static inline const double *plain_parameter(const struct plain *p, const float *of_layer)
{
    return p->parameter + (of_layer - p->network->parameter);
}

static inline size_t plain_length(const struct plain *p, const struct layer *layer, size_t piece)
{
    size_t stride = layer->total_stride;
    return (p->pass->length[piece] + stride / 2) / stride;
}

static inline double plain_logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static inline void plain_conv_row(const struct plain *p, const struct layer *layer,
                                  struct plain_rows in, size_t u, size_t piece, double *out)
{
    const struct layer_spec *s = &layer->spec;
    const double *w = plain_parameter(p, layer->w);
    for (size_t r = 0; r < s->out_dim; r++) {
        double sum = layer->b ? plain_parameter(p, layer->b)[r] : 0;
        for (size_t j = 0; j < s->taps; j++) {
            long t = (long)(s->stride * u + s->stride - 1) +
                     ((long)j - (long)(s->taps - 1 - s->right)) * (long)s->dilation;
            if (t < 0 || t >= (long)in.n_step) continue;
            for (size_t i = 0; i < s->in_dim; i++)
                sum += w[(r * s->taps + j) * s->in_dim + i] * plain_at(in, (size_t)t, piece)[i];
        }
        out[r] = sum;
    }
}

/* Mean and variance of column r over valid rows, or the running ones. */
static inline void plain_moments(const struct plain *p, const struct layer *layer,
                                 struct plain_rows raw, size_t r, double *mean, double *variance)
{
    double count = 0, sum = 0, square = 0;
    *mean = (double)layer->mean[r];
    *variance = (double)layer->variance[r];
    if (p->pass->mode == NETWORK_EVAL) return;
    for (size_t piece = 0; piece < raw.n_piece; piece++)
        for (size_t t = 0; t < plain_length(p, layer, piece); t++, count++)
            sum += plain_at(raw, t, piece)[r];
    for (size_t piece = 0; piece < raw.n_piece; piece++)
        for (size_t t = 0; t < plain_length(p, layer, piece); t++) {
            double x = plain_at(raw, t, piece)[r] - sum / count;
            square += x * x;
        }
    *mean = sum / count;
    *variance = square / count;
}

static inline void plain_norm(const struct plain *p, const struct layer *layer,
                              struct plain_rows raw)
{
    for (size_t r = 0; r < raw.dim; r++) {
        double mean, variance;
        plain_moments(p, layer, raw, r, &mean, &variance);
        for (size_t row = 0; row < raw.n_step * raw.n_piece; row++) {
            double *x = raw.value + row * raw.dim + r;
            *x = (*x - mean) / sqrt(variance + 1e-5) * plain_parameter(p, layer->gamma)[r] +
                 plain_parameter(p, layer->beta)[r];
        }
    }
}

static inline void plain_affine(const struct plain *p, const struct layer *layer,
                                struct plain_rows in, struct plain_rows out)
{
    for (size_t u = 0; u < out.n_step; u++)
        for (size_t piece = 0; piece < out.n_piece; piece++)
            plain_conv_row(p, layer, in, u, piece, plain_at(out, u, piece));
    if (layer->spec.norm) plain_norm(p, layer, out);
    for (size_t i = 0; i < out.n_step * out.n_piece * out.dim; i++) {
        if (layer->spec.relu && out.value[i] < 0) out.value[i] = 0;
        if (layer->spec.kind == LAYER_LATENT) out.value[i] = tanh(out.value[i]);
    }
}

static inline double plain_dot(const double *w, const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += w[i] * x[i];
    return sum;
}

static inline void plain_gru_row(const struct plain *p, const struct layer *layer, const double *x,
                                 const double *before, double *out)
{
    size_t in = layer->spec.in_dim, n = layer->spec.out_dim;
    const double *w = plain_parameter(p, layer->w), *u = plain_parameter(p, layer->u);
    const double *b = plain_parameter(p, layer->b), *c = plain_parameter(p, layer->c);
    for (size_t i = 0; i < n; i++) {
        double gi[3], gh[3];
        for (size_t g = 0; g < 3; g++) {
            gi[g] = b[g * n + i] + plain_dot(w + (g * n + i) * in, x, in);
            gh[g] = before ? plain_dot(u + (g * n + i) * n, before, n) : 0;
        }
        double r = plain_logistic(gi[0] + gh[0]), z = plain_logistic(gi[1] + gh[1]);
        double new = tanh(gi[2] + r * (gh[2] + c[i]));
        out[i] = (1 - z) * new + z * (before ? before[i] : 0);
    }
}

static inline void plain_layer(const struct plain *p, const struct layer *layer,
                               struct plain_rows in, struct plain_rows out)
{
    if (layer->spec.kind != LAYER_GRU && layer->spec.kind != LAYER_SPEAKER)
        plain_affine(p, layer, in, out);
    for (size_t t = 0; t < out.n_step; t++)
        for (size_t piece = 0; piece < out.n_piece; piece++) {
            double *y = plain_at(out, t, piece);
            if (layer->spec.kind == LAYER_GRU)
                plain_gru_row(p, layer, plain_at(in, t, piece),
                              t ? plain_at(out, t - 1, piece) : NULL, y);
            for (size_t i = 0; layer->spec.kind == LAYER_SPEAKER && i < out.dim; i++)
                y[i] = plain_at(in, t, piece)[i] +
                       plain_parameter(p, layer->w)[p->pass->speaker[piece] * out.dim + i];
            if (t >= plain_length(p, layer, piece)) memset(y, 0, out.dim * sizeof *y);
        }
}

/* Drops what the last forward of the network itself dropped. */
static inline void plain_dropout(const struct plain *p, const struct layer *layer,
                                 struct plain_rows out)
{
    if (!(layer->spec.dropout > 0) || p->pass->mode == NETWORK_EVAL) return;
    for (size_t i = 0; i < out.n_step * out.n_piece * out.dim; i++)
        out.value[i] *= layer->dropped.data[i] == 0.0f ? 0 : 1 / (1 - (double)layer->spec.dropout);
}

/* The output; its value is freed by the caller. */
static inline struct plain_rows plain_forward(const struct plain *p)
{
    struct plain_rows in = plain_rows_new(p->pass->n_step, p->pass->n_piece, p->network->in_dim);
    memcpy(in.value, p->x, in.n_step * in.n_piece * in.dim * sizeof *in.value);
    for (size_t i = 0; i < p->network->n_layer; i++) {
        const struct layer *layer = &p->network->layer[i];
        struct plain_rows out = plain_rows_new(p->pass->n_step / layer->total_stride, in.n_piece,
                                               layer->spec.out_dim);
        plain_layer(p, layer, in, out);
        plain_dropout(p, layer, out);
        free(in.value);
        in = out;
    }
    return in;
}

#endif

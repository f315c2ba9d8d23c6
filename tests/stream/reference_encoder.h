/* SPDX-License-Identifier: MIT */
/* The encoder of a whole sequence, layer by layer over all its frames, as src/encoder/README.md
   defines it. */
#ifndef VOQ_TESTS_REFERENCE_ENCODER_H
#define VOQ_TESTS_REFERENCE_ENCODER_H

#include "voq.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* [n][dim], zeros outside. */
struct steps {
    size_t n, dim;
    int32_t *a;
};

static inline struct steps steps_new(size_t n, size_t dim)
{
    return (struct steps){n, dim, calloc(n * dim + 1, sizeof(int32_t))};
}

static inline int32_t step_at(const struct steps *s, int64_t t, size_t d)
{
    return t < 0 || t >= (int64_t)s->n ? 0 : s->a[t * (int64_t)s->dim + (int64_t)d];
}

static inline int64_t clamped(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

/* Division by a power of two that rounds down. */
static inline int64_t shifted(int64_t x, uint32_t shift)
{
    int64_t unit = INT64_C(1) << shift;
    return x >= 0 ? x / unit : -((-x + unit - 1) / unit);
}

static inline int64_t logistic_entry(int64_t i)
{
    return (int64_t)rint(32768.0 / (1.0 + exp(-((double)i - 128.0) / 16.0)));
}

static inline int64_t logistic_of(int64_t p)
{
    int64_t q = clamped(p, -16384, 16383) + 16384, i = q / 128;
    int64_t low = logistic_entry(i), high = logistic_entry(i + 1);
    return low + shifted((high - low) * (q % 128) + 64, 7);
}

static inline int64_t tanh_of(int64_t p)
{
    return logistic_of(2 * p) - 16384;
}

/* Row r of a product with the frames whose first tap is at `first`. */
static inline int64_t row_of(const voq_matrix *m, size_t r, const struct steps *in, size_t taps,
                             int64_t first, int64_t dilation)
{
    int64_t sum = m->bias[r];
    for (size_t j = 0; j < taps; j++)
        for (size_t d = 0; d < in->dim; d++)
            sum += m->weight[(r * taps + j) * in->dim + d] *
                   (int64_t)step_at(in, first + (int64_t)j * dilation, d);
    return shifted(sum * m->multiplier[r] + (INT64_C(1) << (m->shift - 1)), m->shift);
}

static inline struct steps reference_conv(const voq_layer *l, const struct steps *in)
{
    struct steps out = steps_new((in->n + l->stride - 1) / l->stride, l->out_dim);
    for (size_t u = 0; u < out.n; u++) {
        int64_t t = (int64_t)(l->stride * u + l->stride - 1);
        int64_t first = t - (int64_t)((l->taps - 1 - l->right) * l->dilation);
        for (size_t r = 0; r < out.dim; r++)
            out.a[u * out.dim + r] =
                (int32_t)clamped(row_of(&l->input, r, in, l->taps, first, l->dilation), 0, 127);
    }
    return out;
}

static inline int64_t gate_of(const voq_matrix *m, size_t r, const struct steps *in, int64_t t)
{
    return clamped(row_of(m, r, in, 1, t, 1), -32768, 32767);
}

static inline struct steps reference_gru(const voq_layer *l, const struct steps *in)
{
    size_t n = l->out_dim;
    struct steps out = steps_new(in->n, n);
    int64_t *h = calloc(n, sizeof *h);
    for (int64_t t = 0; t < (int64_t)in->n; t++)
        for (size_t i = 0; i < n; i++) {
            int64_t gi[3], gh[3];
            for (size_t g = 0; g < 3; g++) {
                gi[g] = gate_of(&l->input, g * n + i, in, t);
                gh[g] = gate_of(&l->state, g * n + i, &out, t - 1);
            }
            int64_t r = logistic_of(gi[0] + gh[0]), z = logistic_of(gi[1] + gh[1]);
            int64_t m = tanh_of(gi[2] + shifted(r * gh[2] + 16384, 15));
            h[i] = m + shifted(z * (h[i] - m) + 16384, 15);
            out.a[(size_t)t * n + i] = (int32_t)clamped(shifted(h[i] + 64, 7), -127, 127);
        }
    free(h);
    return out;
}

static inline struct steps reference_latent(const voq_layer *l, const struct steps *in)
{
    struct steps out = steps_new(in->n, l->out_dim);
    for (size_t t = 0; t < in->n; t++)
        for (size_t r = 0; r < out.dim; r++)
            out.a[t * out.dim + r] = (int32_t)tanh_of(gate_of(&l->input, r, in, (int64_t)t));
    return out;
}

/* Returns the latents of v[n][in_dim]: [*n_unit][out_dim], which the caller frees. */
static inline float *reference_latents(const voq_encoder *encoder, const float *v, size_t n,
                                       size_t *n_unit)
{
    struct steps now = steps_new(n, encoder->layer->in_dim);
    for (size_t i = 0; i < n * now.dim; i++)
        now.a[i] = (int32_t)fmaxf(-127.0f, fminf(127.0f, rintf(32.0f * v[i])));
    for (size_t i = 0; i < encoder->n_layer; i++) {
        const voq_layer *l = &encoder->layer[i];
        struct steps next = l->kind == VOQ_LAYER_CONV  ? reference_conv(l, &now)
                            : l->kind == VOQ_LAYER_GRU ? reference_gru(l, &now)
                                                       : reference_latent(l, &now);
        free(now.a);
        now = next;
    }
    float *z = malloc(now.n * now.dim * sizeof *z + 1);
    for (size_t i = 0; i < now.n * now.dim; i++) z[i] = (float)now.a[i] / 16384.0f;
    *n_unit = now.n;
    free(now.a);
    return z;
}

#endif

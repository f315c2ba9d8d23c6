/* SPDX-License-Identifier: MIT */
/* Features of a whole signal, stage by stage over all its frames, as src/frontend/README.md and
   voq.h define them: no blocks, no pushes, nothing held back. */
#ifndef VOQ_TESTS_REFERENCE_H
#define VOQ_TESTS_REFERENCE_H

#include "tests/support/models.h"
#include "tests/stream/reference_encoder.h"
#include "tests/support/asked.h"

#include <math.h>

struct frames {
    size_t n, dim;
    float *x; /* [n][dim] */
};

static inline struct frames frames_new(size_t n, size_t dim)
{
    return (struct frames){n, dim, calloc(n * dim + 1, sizeof(float))};
}

static inline size_t reference_count(const voq_frontend *f, size_t n)
{
    size_t window = f->window_samples, hop = f->hop_samples;
    if (n == 0) return 0;
    if (f->grid == VOQ_GRID_SNIP) return n < window ? 0 : 1 + (n - window) / hop;
    if (f->grid == VOQ_GRID_MIRROR) return (n + hop / 2) / hop;
    return 1 + n / hop;
}

static inline int64_t reference_start(const voq_frontend *f, size_t i)
{
    int64_t at = (int64_t)(i * f->hop_samples), window = f->window_samples;
    if (f->grid == VOQ_GRID_SNIP) return at;
    if (f->grid == VOQ_GRID_MIRROR) return at + f->hop_samples / 2 - window / 2;
    return at - (window + 1) / 2;
}

static inline float reference_sample(uint32_t grid, const float *x, int64_t n, int64_t s)
{
    while (s < 0 || s >= n) {
        if (grid == VOQ_GRID_ZERO) return 0.0f;
        if (grid == VOQ_GRID_EDGE) return x[s < 0 ? 0 : n - 1];
        if (grid == VOQ_GRID_REFLECT && n == 1) return x[0];
        if (grid == VOQ_GRID_REFLECT)
            s = s < 0 ? -s : 2 * (n - 1) - s;
        else
            s = s < 0 ? -1 - s : 2 * n - 1 - s;
    }
    return x[s];
}

/* Statics: every window laid out on its own, through a front end that knows no edges. */
static inline struct frames reference_statics(const voq_frontend *frontend, const float *x,
                                              size_t n)
{
    struct recipe r = {.frontend = *frontend, .options = {.struct_size = sizeof r.options}};
    r.frontend.grid = VOQ_GRID_SNIP;
    r.frontend.n_delta = 0;
    r.frontend.hop_samples = frontend->window_samples;
    size_t window = frontend->window_samples;
    struct frames out = frames_new(reference_count(frontend, n), base_dim_of(frontend));
    float *padded = calloc(out.n * window + 1, sizeof *padded);
    for (size_t i = 0; i < out.n; i++)
        for (size_t j = 0; j < window; j++)
            padded[i * window + j] = reference_sample(frontend->grid, x, (int64_t)n,
                                                      reference_start(frontend, i) + (int64_t)j);
    voq_model *model = model_of(&r);
    voq_stream *features;
    size_t n_given;
    if (voq_stream_new(model, NULL, &features) != VOQ_OK ||
        voq_push(features, padded, out.n * window, FEATURES(out.x, out.n), &n_given) != VOQ_OK ||
        n_given != out.n)
        abort();
    voq_stream_free(features);
    voq_model_close(model);
    free(padded);
    return out;
}

static inline const float *row_at(const struct frames *f, int64_t i)
{
    int64_t last = (int64_t)f->n - 1;
    return f->x + (i < 0 ? 0 : i > last ? last : i) * (int64_t)f->dim;
}

/* One more order of deltas behind `order` orders. */
static inline struct frames reference_delta(struct frames in, size_t order, uint32_t reach)
{
    size_t base = in.dim / (order + 1), from = order * base;
    struct frames out = frames_new(in.n, in.dim + base);
    float divisor = 0.0f;
    for (uint32_t k = 1; k <= reach; k++) divisor += 2.0f * (float)(k * k);
    for (size_t t = 0; t < in.n; t++) {
        memcpy(out.x + t * out.dim, in.x + t * in.dim, in.dim * sizeof(float));
        for (size_t d = 0; d < base; d++) {
            float sum = 0.0f;
            for (int64_t k = 1; k <= (int64_t)reach; k++) {
                float difference =
                    row_at(&in, (int64_t)t + k)[from + d] - row_at(&in, (int64_t)t - k)[from + d];
                float term = (float)k * difference;
                sum = sum + term;
            }
            out.x[t * out.dim + in.dim + d] = sum / divisor;
        }
    }
    free(in.x);
    return out;
}

/* What normalisation remembers from one run of samples to the next. */
struct memory {
    uint64_t t;
    float *m, *v;
};

static inline struct memory memory_new(const voq_normalise *norm)
{
    struct memory memory = {0, calloc(norm->dim + 1, 4), calloc(norm->dim + 1, 4)};
    if (norm->mean) memcpy(memory.m, norm->mean, norm->dim * 4);
    if (norm->variance) memcpy(memory.v, norm->variance, norm->dim * 4);
    return memory;
}

static inline void memory_free(struct memory *memory)
{
    free(memory->m);
    free(memory->v);
}

static inline void reference_normalise(struct frames *f, const voq_normalise *norm,
                                       struct memory *memory)
{
    for (size_t i = 0; i < f->n; i++) {
        float *x = f->x + i * f->dim;
        uint64_t weight = norm->n0 + memory->t + 1;
        float a = 1.0f / (float)(weight < norm->n_max ? weight : norm->n_max);
        memory->t++;
        for (size_t d = 0; d < f->dim; d++) {
            float *m = &memory->m[d], *v = &memory->v[d];
            if (norm->kind != VOQ_NORMALISE_GLOBAL) *m += a * (x[d] - *m);
            float y = x[d] - *m;
            if (norm->kind == VOQ_NORMALISE_RUNNING_VARIANCE) *v += a * (y * y - *v);
            x[d] = norm->variance ? y / sqrtf(*v + norm->floor) : y;
            if (norm->scale) x[d] = y * norm->scale[d];
        }
    }
}

static inline struct frames reference_transform(struct frames in, const voq_transform *transform)
{
    size_t n_stacked = transform->stack_left + 1 + transform->stack_right;
    size_t n_column = n_stacked * in.dim;
    struct frames out = frames_new(in.n, transform->out_dim);
    float *column = malloc(n_column * sizeof *column);
    for (size_t t = 0; t < in.n; t++) {
        for (size_t k = 0; k < n_stacked; k++)
            memcpy(column + k * in.dim,
                   row_at(&in, (int64_t)t + (int64_t)k - (int64_t)transform->stack_left),
                   in.dim * 4);
        for (size_t r = 0; r < out.dim; r++) {
            float sum = transform->bias ? transform->bias[r] : 0.0f;
            for (size_t c = 0; transform->matrix && c < n_column; c++) {
                float term = transform->matrix[r * n_column + c] * column[c];
                sum = sum + term;
            }
            out.x[t * out.dim + r] = transform->matrix ? sum : column[r];
        }
    }
    free(column);
    free(in.x);
    return out;
}

static inline uint32_t unit_hop_of(const struct recipe *r)
{
    return r->frontend.hop_samples * stride_of(r->layer);
}

/* The units of n samples: the grid's frames with the longer hop of a stride. */
static inline size_t reference_units(const voq_frontend *frontend, const voq_encoder *encoder,
                                     size_t n)
{
    voq_frontend wide = *frontend;
    for (size_t i = 0; encoder && i < encoder->n_layer; i++)
        wide.hop_samples *= encoder->layer[i].stride;
    return reference_count(&wide, n);
}

static inline struct frames reference_encode(struct frames in, const voq_encoder *encoder)
{
    struct frames out = {.dim = encoder->layer[encoder->n_layer - 1].out_dim};
    out.x = reference_latents(encoder, in.x, in.n, &out.n);
    free(in.x);
    return out;
}

/* A run of samples without gaps. */
static inline struct frames reference_run(const struct ingredients *in, struct memory *memory,
                                          const float *x, size_t n)
{
    struct frames f = reference_statics(&in->frontend, x, n);
    for (uint32_t order = 0; order < in->frontend.n_delta; order++)
        f = reference_delta(f, order, in->frontend.delta_reach);
    if (in->parts.normalise) reference_normalise(&f, &in->normalise, memory);
    if (in->parts.transform) f = reference_transform(f, &in->transform);
    if (in->parts.encoder) f = reference_encode(f, in->parts.encoder);
    size_t n_unit = reference_units(&in->frontend, in->parts.encoder, n);
    if (f.n > n_unit) f.n = n_unit;
    return f;
}

static inline struct frames reference_features(const struct recipe *r, const float *x, size_t n)
{
    struct ingredients in;
    ingredients_fill(&in, r);
    struct memory memory = memory_new(&in.normalise);
    struct frames f = reference_run(&in, &memory, x, n);
    memory_free(&memory);
    ingredients_free(&in);
    return f;
}

#endif

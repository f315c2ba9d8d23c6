/* SPDX-License-Identifier: MIT */
/* Runs a signal through a stream in pushes of some size, and holds every call to its bounds. */
#ifndef VOQ_TESTS_COLLECTED_H
#define VOQ_TESTS_COLLECTED_H

#include "tests/support/models.h"

#include <stdbool.h>
#include <stdio.h>

enum { PUSH_ALL = 0, PUSH_RANDOM = -1 };

struct collected {
    bool as_promised;
    size_t n;
    uint32_t *id;    /* [n][n_codebook] */
    float *distance; /* likewise */
    float *feature;  /* [n][dim] */
};

static inline void collected_free(struct collected *c)
{
    free(c->id);
    free(c->distance);
    free(c->feature);
}

static inline size_t next_push(int push, size_t left, uint64_t *seed)
{
    size_t n = push == PUSH_ALL ? left : push > 0 ? (size_t)push : random_below(seed, 400);
    return n < left ? n : left;
}

#define PROMISE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);                               \
            c->as_promised = false;                                                                \
            return;                                                                                \
        }                                                                                          \
    } while (0)

/* One push (x not NULL), or the end. Before it, too small a capacity must change nothing. */
static inline void collect_units_of(struct collected *c, voq_stream *s, size_t n_codebook,
                                    const float *x, size_t n)
{
    size_t due = x ? voq_max_units(s, n) : voq_finish_units(s), given = 99;
    uint64_t position = voq_stream_position(s);
    PROMISE(position == c->n);
    uint32_t *id = c->id + c->n * n_codebook;
    float *distance = c->distance + c->n * n_codebook;
    if (due) {
        voq_status status = x ? voq_push(s, x, n, id, distance, due - 1, &given)
                              : voq_finish(s, id, distance, due - 1, &given);
        PROMISE(status == VOQ_ERROR_CAPACITY && given == due);
        PROMISE(voq_stream_position(s) == position);
        PROMISE((x ? voq_max_units(s, n) : voq_finish_units(s)) == due);
    }
    voq_status status = x ? voq_push(s, x, n, due ? id : NULL, due ? distance : NULL, due, &given)
                          : voq_finish(s, id, distance, due, &given);
    if (status != VOQ_OK || given != due)
        printf("# status %d, %zu given, %zu due\n", (int)status, given, due);
    PROMISE(status == VOQ_OK && given == due);
    PROMISE(voq_stream_position(s) == position + due);
    c->n += given;
}

static inline void collect_features_of(struct collected *c, voq_features *f, size_t dim,
                                       const float *x, size_t n)
{
    size_t due = x ? voq_features_max_frames(f, n) : voq_features_finish_frames(f), given = 99;
    uint64_t position = voq_features_position(f);
    PROMISE(position == c->n);
    float *feature = c->feature + c->n * dim;
    if (due) {
        voq_status status = x ? voq_features_push(f, x, n, feature, due - 1, &given)
                              : voq_features_finish(f, feature, due - 1, &given);
        PROMISE(status == VOQ_ERROR_CAPACITY && given == due);
        PROMISE(voq_features_position(f) == position);
    }
    voq_status status = x ? voq_features_push(f, x, n, due ? feature : NULL, due, &given)
                          : voq_features_finish(f, feature, due, &given);
    if (status != VOQ_OK || given != due)
        printf("# status %d, %zu given, %zu due\n", (int)status, given, due);
    PROMISE(status == VOQ_OK && given == due);
    PROMISE(voq_features_position(f) == position + due);
    c->n += given;
}

static inline struct collected collect_units(voq_stream *stream, const voq_model *model,
                                             const float *x, size_t n, int push)
{
    size_t n_codebook = info_of(model).n_codebook, most = n + 2;
    struct collected c = {.as_promised = true,
                          .id = malloc(most * n_codebook * 4),
                          .distance = malloc(most * n_codebook * 4)};
    uint64_t seed = (uint64_t)n;
    for (size_t at = 0; at < n && c.as_promised;) {
        size_t step = next_push(push, n - at, &seed);
        collect_units_of(&c, stream, n_codebook, x + at, step);
        at += step;
    }
    if (c.as_promised) collect_units_of(&c, stream, n_codebook, NULL, 0);
    return c;
}

static inline struct collected collect_features(voq_features *features, const voq_model *model,
                                                const float *x, size_t n, int push)
{
    size_t dim = info_of(model).dim, most = n + 2;
    struct collected c = {.as_promised = true, .feature = malloc(most * dim * 4)};
    uint64_t seed = (uint64_t)n + 5;
    for (size_t at = 0; at < n && c.as_promised;) {
        size_t step = next_push(push, n - at, &seed);
        collect_features_of(&c, features, dim, x + at, step);
        at += step;
    }
    if (c.as_promised) collect_features_of(&c, features, dim, NULL, 0);
    return c;
}

/* With an object of its own. */
static inline struct collected units_of(const voq_model *model, uint32_t block, const float *x,
                                        size_t n, int push)
{
    voq_options options = {.struct_size = sizeof options, .block = block};
    voq_stream *stream;
    if (voq_stream_new(model, &options, &stream) != VOQ_OK) abort();
    struct collected c = collect_units(stream, model, x, n, push);
    voq_stream_free(stream);
    return c;
}

static inline struct collected features_of(const voq_model *model, uint32_t block, const float *x,
                                           size_t n, int push)
{
    voq_options options = {.struct_size = sizeof options, .block = block};
    voq_features *features;
    if (voq_features_new(model, &options, &features) != VOQ_OK) abort();
    struct collected c = collect_features(features, model, x, n, push);
    voq_features_free(features);
    return c;
}

#endif

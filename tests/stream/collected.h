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
    size_t n, n_codebook, dim;
    uint32_t *id;    /* [n][n_codebook] */
    float *distance; /* likewise */
    float *feature;  /* [n][dim] */
    float *z_q;      /* likewise */
};

/* With room for what n samples become. */
static inline struct collected collected_new(const voq_model *model, size_t n)
{
    voq_info info = info_of(model);
    size_t most = n + 2, n_id = most * info.n_codebook, n_value = most * info.dim;
    return (struct collected){.as_promised = true,
                              .n_codebook = info.n_codebook,
                              .dim = info.dim,
                              .id = malloc(n_id * 4 + 1),
                              .distance = malloc(n_id * 4 + 1),
                              .feature = malloc(n_value * 4),
                              .z_q = malloc(n_value * 4)};
}

static inline void collected_free(struct collected *c)
{
    free(c->id);
    free(c->distance);
    free(c->feature);
    free(c->z_q);
}

/* Room for `rows` more rows of everything that the model has. */
static inline voq_output next_rows(const struct collected *c, size_t rows)
{
    voq_output output = {.struct_size = sizeof output, .capacity = rows};
    output.feature = c->feature + c->n * c->dim;
    if (c->n_codebook == 0) return output;
    output.id = c->id + c->n * c->n_codebook;
    output.distance = c->distance + c->n * c->n_codebook;
    output.z_q = c->z_q + c->n * c->dim;
    return output;
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
static inline void collect_part(struct collected *c, voq_stream *s, const float *x, size_t n)
{
    size_t due = x ? voq_max_units(s, n) : voq_finish_units(s), given = 99;
    uint64_t position = voq_stream_position(s);
    PROMISE(position == c->n);
    if (due) {
        voq_output small = next_rows(c, due - 1);
        voq_status status = x ? voq_push(s, x, n, &small, &given) : voq_finish(s, &small, &given);
        PROMISE(status == VOQ_ERROR_CAPACITY && given == due);
        PROMISE(voq_stream_position(s) == position);
        PROMISE((x ? voq_max_units(s, n) : voq_finish_units(s)) == due);
    }
    voq_output output = next_rows(c, due);
    voq_status status =
        x ? voq_push(s, x, n, due ? &output : NULL, &given) : voq_finish(s, &output, &given);
    if (status != VOQ_OK || given != due)
        printf("# status %d, %zu given, %zu due\n", (int)status, given, due);
    PROMISE(status == VOQ_OK && given == due);
    PROMISE(voq_stream_position(s) == position + due);
    c->n += given;
}

/* Everything that a stream says of x[n]. */
static inline struct collected collect(voq_stream *stream, const voq_model *model, const float *x,
                                       size_t n, int push)
{
    struct collected c = collected_new(model, n);
    uint64_t seed = (uint64_t)n;
    for (size_t at = 0; at < n && c.as_promised;) {
        size_t step = next_push(push, n - at, &seed);
        collect_part(&c, stream, x + at, step);
        at += step;
    }
    if (c.as_promised) collect_part(&c, stream, NULL, 0);
    return c;
}

/* With a stream of its own. */
static inline struct collected outputs_of(const voq_model *model, uint32_t block, const float *x,
                                          size_t n, int push)
{
    voq_options options = {.struct_size = sizeof options, .block = block};
    voq_stream *stream;
    if (voq_stream_new(model, &options, &stream) != VOQ_OK) abort();
    struct collected c = collect(stream, model, x, n, push);
    voq_stream_free(stream);
    return c;
}

#endif

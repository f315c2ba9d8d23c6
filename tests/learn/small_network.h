/* SPDX-License-Identifier: MIT */
/* A network, a batch of random rows with pieces of several lengths, a gradient of the output. */
#ifndef VOQ_TESTS_SMALL_NETWORK_H
#define VOQ_TESTS_SMALL_NETWORK_H

#include "tests/support/random.h"
#include "tools/learn/network.h"

#include <stdlib.h>

enum { SMALL_STEPS = 12, SMALL_PIECES = 5 };
static const uint32_t small_length[SMALL_PIECES] = {12, 7, 10, 1, 12};
static const uint32_t small_speaker[SMALL_PIECES] = {0, 2, 1, 2, 2};

struct small {
    struct workers *workers;
    struct network *network;
    float *x, *dy, *dx;
    size_t n_x, n_y;
    struct pass pass;
};

static inline float *small_rows(uint64_t *seed, size_t n)
{
    float *x = malloc((n + 1) * sizeof *x);
    if (!x) abort();
    for (size_t i = 0; i < n; i++) x[i] = random_normal(seed);
    return x;
}

/* Rows behind a length are 0, as the network's input has them. */
static inline void small_clear_padding(float *x, size_t dim)
{
    for (size_t t = 0; t < SMALL_STEPS; t++)
        for (size_t p = 0; p < SMALL_PIECES; p++)
            if (t >= small_length[p])
                memset(x + (t * SMALL_PIECES + p) * dim, 0, dim * sizeof *x);
}

static inline struct small small_new(const struct layer_spec *spec, size_t n_layer, size_t n_thread)
{
    struct small s = {0};
    struct failure failure;
    uint64_t seed = 3;
    if (!workers_new(&s.workers, n_thread, &failure)) abort();
    if (!network_new(&s.network, spec, n_layer, 1, &failure)) abort();
    s.n_x = (size_t)SMALL_STEPS * SMALL_PIECES * s.network->in_dim;
    s.n_y = (size_t)SMALL_STEPS / s.network->stride * SMALL_PIECES * s.network->out_dim;
    s.x = small_rows(&seed, s.n_x);
    s.dy = small_rows(&seed, s.n_y);
    s.dx = small_rows(&seed, s.n_x);
    small_clear_padding(s.x, s.network->in_dim);
    for (size_t i = 0; i < s.network->n_parameter; i++)
        s.network->parameter[i] += 0.1f * random_normal(&seed);
    s.pass = (struct pass){.x = s.x, .n_step = SMALL_STEPS, .n_piece = SMALL_PIECES,
                           .length = small_length, .speaker = small_speaker,
                           .mode = NETWORK_TRAIN, .seed = 9};
    return s;
}

static inline void small_free(struct small *s)
{
    network_free(s->network);
    workers_free(s->workers);
    free(s->x);
    free(s->dy);
    free(s->dx);
}

static inline const float *small_forward(struct small *s)
{
    struct failure failure;
    const float *y = network_forward(s->network, s->workers, &s->pass, &failure);
    if (!y) abort();
    return y;
}

/* With the gradient cleared before. */
static inline void small_backward(struct small *s)
{
    memset(s->network->gradient, 0, s->network->n_parameter * sizeof *s->network->gradient);
    network_backward(s->network, s->workers, &s->pass, s->dy, s->dx);
}

#endif

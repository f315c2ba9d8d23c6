/* SPDX-License-Identifier: MIT */
#include "src/transform/normalise.h"

#include <math.h>
#include <string.h>

void voq_normalise_place(struct normalise_state *state, const voq_normalise *normalise,
                         struct arena *arena)
{
    float *mean = ARENA_TAKE(arena, normalise->dim, float);
    float *variance = ARENA_TAKE(arena, normalise->dim, float);
    if (!arena->base) return;
    *state = (struct normalise_state){0, mean, variance};
    voq_normalise_reset(state, normalise);
}

void voq_normalise_reset(struct normalise_state *state, const voq_normalise *normalise)
{
    size_t n_byte = normalise->dim * sizeof(float);
    state->n_frame = 0;
    memcpy(state->mean, normalise->mean, n_byte);
    if (normalise->variance) memcpy(state->variance, normalise->variance, n_byte);
}

/* 1 / min(n0 + t + 1, n_max): first an average of the prior and all frames, then a decay. */
static float weight_of(const voq_normalise *normalise, uint64_t t)
{
    uint64_t n = normalise->n0 + t + 1;
    return 1.0f / (float)(n < normalise->n_max ? n : normalise->n_max);
}

static void update_mean(struct normalise_state *state, const float *x, size_t dim, float a)
{
    for (size_t d = 0; d < dim; d++) state->mean[d] += a * (x[d] - state->mean[d]);
}

static void update_variance(struct normalise_state *state, const float *x, size_t dim, float a)
{
    for (size_t d = 0; d < dim; d++) {
        float y = x[d] - state->mean[d];
        state->variance[d] += a * (y * y - state->variance[d]);
    }
}

void voq_normalise_run(struct normalise_state *state, const voq_normalise *normalise, float *frame,
                       size_t n)
{
    size_t dim = normalise->dim;
    for (size_t i = 0; i < n; i++, frame += dim) {
        if (normalise->kind != VOQ_NORMALISE_GLOBAL) {
            float a = weight_of(normalise, state->n_frame++);
            update_mean(state, frame, dim, a);
            if (normalise->kind == VOQ_NORMALISE_RUNNING_VARIANCE)
                update_variance(state, frame, dim, a);
        }
        for (size_t d = 0; d < dim; d++) frame[d] -= state->mean[d];
        for (size_t d = 0; normalise->variance && d < dim; d++)
            frame[d] /= sqrtf(state->variance[d] + normalise->floor);
        for (size_t d = 0; normalise->scale && d < dim; d++) frame[d] *= normalise->scale[d];
    }
}

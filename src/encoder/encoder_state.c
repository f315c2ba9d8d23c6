/* SPDX-License-Identifier: MIT */
#include "src/encoder/encoder_state.h"

#include <string.h>

void voq_encoder_state_place(struct encoder_state *state, const struct encoder *encoder,
                             size_t chunk, struct arena *arena)
{
    size_t most = 0;
    struct layer_state *placed = ARENA_TAKE(arena, encoder->n_layer, struct layer_state);
    for (size_t i = 0; i < encoder->n_layer; i++) {
        const struct encoder_layer *layer = &encoder->layer[i];
        bool is_gru = layer->kind == VOQ_LAYER_GRU;
        size_t n_state = is_gru ? layer->state.n_row / 3 : 0;
        int8_t *frame = ARENA_TAKE(arena, (layer->n_history + chunk) * layer->in_step, int8_t);
        int16_t *h = ARENA_TAKE(arena, n_state, int16_t);
        int8_t *h8 = ARENA_TAKE(arena, n_state, int8_t);
        if (arena->base) placed[i] = (struct layer_state){.frame = frame, .h = h, .h8 = h8};
        if (layer->kind != VOQ_LAYER_CONV && layer->input.n_row > most) most = layer->input.n_row;
    }
    int16_t *value = ARENA_TAKE(arena, chunk * most, int16_t);
    int16_t *gate = ARENA_TAKE(arena, most, int16_t);
    if (!arena->base) return;
    *state = (struct encoder_state){
        .encoder = encoder, .layer = placed, .value = value, .gate = gate, .chunk = chunk};
    voq_encoder_reset(state);
}

void voq_encoder_reset(struct encoder_state *state)
{
    state->n_flushed = 0;
    for (size_t i = 0; i < state->encoder->n_layer; i++) {
        const struct encoder_layer *layer = &state->encoder->layer[i];
        struct layer_state *s = &state->layer[i];
        memset(s->frame, 0, (layer->n_history + state->chunk) * layer->in_step);
        if (layer->kind == VOQ_LAYER_GRU) {
            memset(s->h, 0, layer->state.n_row / 3 * sizeof *s->h);
            memset(s->h8, 0, layer->state.n_row / 3);
        }
        s->n_frame = s->n_zero = 0;
        s->n_skip = layer->n_late + layer->stride - 1;
    }
}

/* ---- layers: each takes the n frames behind its history ---- */

static int8_t *new_frames(const struct encoder_state *state, size_t i)
{
    const struct encoder_layer *layer = &state->encoder->layer[i];
    return state->layer[i].frame + layer->n_history * layer->in_step;
}

/* Returns how many of the outputs of n frames are kept, from the *first on, a stride apart. */
static size_t kept(const struct encoder_layer *layer, struct layer_state *s, size_t n,
                   size_t *first)
{
    *first = s->n_skip;
    size_t n_kept = n > *first ? (n - *first - 1) / layer->stride + 1 : 0;
    s->n_skip = *first + n_kept * layer->stride - n;
    return n_kept;
}

static size_t run_conv(struct encoder_state *state, size_t i, size_t n)
{
    const struct encoder_layer *layer = &state->encoder->layer[i];
    struct layer_state *s = &state->layer[i];
    size_t first, n_kept = kept(layer, s, n, &first), step = layer->in_step;
    if (n_kept) {
        struct activations in = {s->frame + first * step, n_kept, layer->stride * step,
                                 layer->dilation * step};
        state->encoder->kernel->dense_i8(&layer->input, &in, new_frames(state, i + 1),
                                         layer[1].in_step);
    }
    memmove(s->frame, s->frame + n * step, layer->n_history * step);
    return n_kept;
}

static size_t run_gru(struct encoder_state *state, size_t i, size_t n)
{
    const struct encoder_kernel *kernel = state->encoder->kernel;
    const struct encoder_layer *layer = &state->encoder->layer[i];
    const struct layer_state *s = &state->layer[i];
    size_t n_row = layer->input.n_row;
    struct activations in = {s->frame, n, layer->in_step, 0};
    kernel->dense_i16(&layer->input, &in, state->value, n_row);
    int8_t *h8 = new_frames(state, i + 1);
    const int8_t *before = s->h8;
    for (size_t t = 0; t < n; t++, before = h8, h8 += layer[1].in_step) {
        struct activations one = {before, 1, 0, 0};
        kernel->dense_i16(&layer->state, &one, state->gate, n_row);
        kernel->gates(state->value + t * n_row, state->gate, n_row / 3, s->h, h8);
    }
    if (n) memcpy(s->h8, before, n_row / 3);
    return n;
}

static size_t run_latent(struct encoder_state *state, size_t i, size_t n, float *z)
{
    const struct encoder_kernel *kernel = state->encoder->kernel;
    const struct encoder_layer *layer = &state->encoder->layer[i];
    struct activations in = {state->layer[i].frame, n, layer->in_step, 0};
    kernel->dense_i16(&layer->input, &in, state->value, layer->input.n_row);
    for (size_t t = 0; t < n; t++)
        kernel->latent(state->value + t * layer->input.n_row, layer->out_dim,
                       z + t * layer->out_dim);
    return n;
}

/* Runs layer i and those behind it on the n new frames of layer i. */
static size_t run_from(struct encoder_state *state, size_t i, size_t n, float *z)
{
    for (; n && i + 1 < state->encoder->n_layer; i++) {
        bool is_conv = state->encoder->layer[i].kind == VOQ_LAYER_CONV;
        n = is_conv ? run_conv(state, i, n) : run_gru(state, i, n);
        state->layer[i + 1].n_frame += n;
    }
    return n ? run_latent(state, i, n, z) : 0;
}

size_t voq_encoder_push(struct encoder_state *state, const float *v, size_t n, float *z)
{
    const struct encoder *encoder = state->encoder;
    int8_t *a = new_frames(state, 0);
    for (size_t t = 0; t < n; t++)
        encoder->kernel->input(v + t * encoder->in_dim, encoder->in_dim,
                               a + t * encoder->layer->in_step);
    state->layer->n_frame += n;
    return run_from(state, 0, n, z);
}

size_t voq_encoder_push_i8(struct encoder_state *state, const int8_t *a, size_t n, float *z)
{
    const struct encoder *encoder = state->encoder;
    for (size_t t = 0; t < n; t++)
        memcpy(new_frames(state, 0) + t * encoder->layer->in_step, a + t * encoder->in_dim,
               encoder->in_dim);
    state->layer->n_frame += n;
    return run_from(state, 0, n, z);
}

/* Zeros that end a layer's input: those that its last frames look at, and those that complete the
   last stride. */
static size_t zeros_of(const struct encoder_layer *layer, const struct layer_state *s)
{
    size_t n_over = (size_t)(s->n_frame % layer->stride);
    return layer->n_late + (n_over ? layer->stride - n_over : 0);
}

static size_t feed_zeros(struct encoder_state *state, size_t i, size_t n_left, float *z)
{
    size_t n = n_left < state->chunk ? n_left : state->chunk;
    memset(new_frames(state, i), 0, n * state->encoder->layer[i].in_step);
    state->layer[i].n_zero += n;
    return run_from(state, i, n, z);
}

size_t voq_encoder_finish(struct encoder_state *state, float *z)
{
    for (; state->n_flushed < state->encoder->n_layer; state->n_flushed++) {
        size_t i = state->n_flushed, n_zero;
        while ((n_zero = zeros_of(&state->encoder->layer[i], &state->layer[i])) >
               state->layer[i].n_zero) {
            size_t n = feed_zeros(state, i, n_zero - state->layer[i].n_zero, z);
            if (n) return n;
        }
    }
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* If this fails, the units of a learned model are not those that its definition says, or they
   depend on the CPU, on how audio was cut into pushes, or on the size of a block. The stored values
   come from an independent NumPy implementation of the definition. */
#include "tests/encoder/encoder_vectors.h"

#include <math.h>

static const voq_cpu cpus[] = {VOQ_CPU_SCALAR, VOQ_CPU_SSE2, VOQ_CPU_AVX2, VOQ_CPU_AVX512,
                               VOQ_CPU_NEON,   VOQ_CPU_WASM, VOQ_CPU_AUTO};
enum { N_CPU = sizeof cpus / sizeof *cpus };

static void the_table_of_the_logistic_function_is_the_stored_one(void)
{
    struct numbers table = numbers_of("table");
    CHECK_EQ(table.n, 257);
    for (size_t i = 0; i < table.n; i++) CHECK_EQ(voq_logistic_table[i], table.value[i]);
    CHECK_EQ(voq_logistic_table[257], table.value[256]);
    free(table.value);
}

/* A last layer that shows activations: tanh rises strictly over its products. */
struct window {
    int8_t *weight;
    int32_t *bias, *multiplier;
    voq_layer layer;
    int16_t shown[256]; /* the latent of activation a - 127, in Q14 */
};

static struct window window_on(size_t dim)
{
    struct window w = {calloc(dim, dim), calloc(dim, 4), malloc(dim * 4), {0}, {0}};
    for (size_t i = 0; i < dim; i++) {
        w.weight[i * dim + i] = 127;
        w.multiplier[i] = (8 << 25) / 127;
    }
    w.layer = (voq_layer){.kind = VOQ_LAYER_LATENT, .in_dim = (uint32_t)dim,
                          .out_dim = (uint32_t)dim, .taps = 1, .dilation = 1, .stride = 1,
                          .input = {w.weight, w.bias, w.multiplier, 25}};
    for (int32_t a = -127; a <= 127; a++) {
        int16_t p = (int16_t)((127 * (int64_t)a * w.multiplier[0] + (1 << 24)) >> 25);
        float z;
        voq_encoder_scalar.latent(&p, 1, &z);
        w.shown[a + 127] = (int16_t)(z * 16384.0f);
    }
    return w;
}

static void window_free(struct window *w)
{
    free(w->weight);
    free(w->bias);
    free(w->multiplier);
}

/* What one layer must give: its output, and in a GRU its state. */
struct expected {
    size_t dim;
    bool is_latent;
    struct numbers out, h;
    const struct window *window;
};

static bool same_row(const struct expected *e, size_t frame, const float *z)
{
    for (size_t d = 0; d < e->dim; d++) {
        int32_t stored = e->out.value[frame * e->dim + d];
        int32_t latent = e->is_latent ? stored : e->window->shown[stored + 127];
        if (z[d] != (float)latent / 16384.0f) return false;
    }
    return true;
}

static bool same_state(const struct expected *e, size_t frame, const int16_t *h)
{
    for (size_t d = 0; d < e->dim; d++)
        if (h[d] != e->h.value[frame * e->dim + d]) return false;
    return true;
}

/* Pushes one utterance, a[n][in_dim], and compares what comes with the frames from `frame` on. */
static bool utterance_is(struct encoder_state *state, const int8_t *a, size_t n, size_t n_push,
                         const struct expected *e, size_t frame)
{
    size_t n_done = 0, n_got;
    const struct layer_state *shown =
        state->layer + (e->is_latent ? 0 : state->encoder->n_layer - 2);
    float *z = malloc(state->chunk * e->dim * sizeof *z);
    bool same = true;
    voq_encoder_reset(state);
    for (size_t at = 0; same;) {
        size_t n_now = n - at < n_push ? n - at : n_push;
        n_got = n_now ? voq_encoder_push_i8(state, a + at * state->encoder->in_dim, n_now, z)
                      : voq_encoder_finish(state, z);
        if (n_now == 0 && n_got == 0) break;
        at += n_now;
        for (size_t i = 0; i < n_got && same; i++)
            same = same_row(e, frame + n_done + i, z + i * e->dim);
        n_done += n_got;
        if (same && e->h.n && n_got && state->chunk == 1)
            same = same_state(e, frame + n_done - 1, shown->h);
    }
    free(z);
    return same && n_done == n;
}

static bool case_is(size_t c, const struct encoder *encoder, const struct expected *e, size_t chunk,
                    size_t n_push)
{
    struct numbers x = case_numbers(c, "x"), lengths = numbers_of("lengths");
    struct placed_state placed = state_of(encoder, chunk);
    size_t n_frame = x.n / encoder->in_dim, frame = 0;
    int8_t *a = malloc(x.n);
    bool same = true;
    for (size_t i = 0; i < x.n; i++) a[i] = (int8_t)x.value[i];
    for (size_t u = 0; u < lengths.n && frame < n_frame && same; u++) {
        size_t n = (size_t)lengths.value[u];
        same = utterance_is(&placed.state, a + frame * encoder->in_dim, n, n_push, e, frame);
        frame += n;
    }
    free(a);
    free(placed.memory);
    free(x.value);
    free(lengths.value);
    return same && frame == n_frame;
}

/* The blocks and pushes of one network on one CPU. */
static bool network_is(size_t c, const voq_encoder *parts, voq_cpu cpu, const struct expected *e)
{
    static const size_t sizes[][2] = {{1, 1},   {2, 2},  {3, 3},    {7, 7},
                                      {64, 64}, {64, 7}, {256, 256}}; /* block, push */
    voq_options options = {.struct_size = sizeof options, .cpu = cpu};
    voq_error error = {.struct_size = sizeof error};
    voq_model *model = model_with(parts, &options, &error);
    if (!model && error.status == VOQ_ERROR_CPU) return true;
    if (!model) printf("# case %zu: %s\n", c, error.text);
    bool same = model != NULL;
    for (size_t i = 0; same && i < sizeof sizes / sizeof *sizes; i++) {
        same = case_is(c, &model->encoder, e, sizes[i][0], sizes[i][1]);
        if (!same)
            printf("# case %zu, %zu layers, %s: blocks of %zu, pushes of %zu\n", c, parts->n_layer,
                   model->encoder.kernel->name, sizes[i][0], sizes[i][1]);
    }
    voq_model_close(model);
    return same;
}

/* Layer i of a case: the network up to it, with a window behind it unless it is the latent. */
static bool layer_is(size_t c, size_t i)
{
    struct network network;
    network_of(c, i + 1, &network);
    const voq_layer *last = &network.layer[i];
    bool is_latent = last->kind == VOQ_LAYER_LATENT;
    struct window window = window_on(last->out_dim);
    struct expected e = {last->out_dim, is_latent, layer_numbers(c, i, "out"),
                         layer_numbers(c, i, "h"), &window};
    voq_encoder parts = network.encoder;
    bool same = e.out.n > 0;
    if (!is_latent) network.layer[parts.n_layer++] = window.layer;
    for (size_t k = 0; same && k < N_CPU; k++) same = network_is(c, &parts, cpus[k], &e);
    window_free(&window);
    free(e.out.value);
    free(e.h.value);
    network_free(&network);
    return same;
}

static void every_layer_gives_the_stored_values_on_every_cpu_in_every_block(void)
{
    for (size_t c = 0; c < N_CASE; c++) {
        struct numbers shape = case_numbers(c, "layers");
        size_t n_layer = shape.n / 6;
        free(shape.value);
        CHECK(n_layer > 0);
        for (size_t i = 0; i < n_layer; i++) CHECK(layer_is(c, i));
    }
}

int main(int argc, char **argv)
{
    if (argc != 2 || !vectors_open(argv[1])) return 99;
    RUN(the_table_of_the_logistic_function_is_the_stored_one);
    RUN(every_layer_gives_the_stored_values_on_every_cpu_in_every_block);
    free(vector_bytes);
    return check_done();
}

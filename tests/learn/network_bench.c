/* SPDX-License-Identifier: MIT */
/* Prints the time of one forward and backward of an encoder for 18 pieces of 450 frames: the whole,
   and each layer as a network of its own. The best of several runs counts. */
#include "tests/support/random.h"
#include "tools/base/monotonic.h"
#include "tools/learn/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_STEP = 450, N_PIECE = 18, N_RUN = 4 };

static const struct layer_spec encoder[] = {
    {.kind = LAYER_CONV, .in_dim = 40, .out_dim = 256, .taps = 5, .right = 2, .relu = true,
     .norm = true},
    {.kind = LAYER_CONV, .in_dim = 256, .out_dim = 256, .taps = 3, .right = 1, .relu = true,
     .norm = true},
    {.kind = LAYER_GRU, .in_dim = 256, .out_dim = 192, .dropout = 0.15f},
    {.kind = LAYER_CONV, .in_dim = 192, .out_dim = 256, .taps = 3, .dilation = 4, .right = 1,
     .relu = true, .norm = true},
    {.kind = LAYER_GRU, .in_dim = 256, .out_dim = 192, .dropout = 0.15f},
    {.kind = LAYER_LATENT, .in_dim = 192, .out_dim = 64},
};
enum { N_LAYER = sizeof encoder / sizeof *encoder };

static float *random_rows(size_t n)
{
    uint64_t seed = 1;
    float *x = malloc(n * sizeof *x);
    if (!x) abort();
    for (size_t i = 0; i < n; i++) x[i] = random_float(&seed);
    return x;
}

struct stopwatch {
    double wall, processor; /* ms, the least so far */
};

static void give_up(const struct failure *failure)
{
    fprintf(stderr, "%s\n", failure->text);
    exit(1);
}

static struct stopwatch now(void)
{
    return (struct stopwatch){monotonic_s() * 1e3, (double)clock() * 1e3 / CLOCKS_PER_SEC};
}

static void keep_least(struct stopwatch *least, struct stopwatch from, struct stopwatch to)
{
    if (to.wall - from.wall < least->wall) least->wall = to.wall - from.wall;
    if (to.processor - from.processor < least->processor)
        least->processor = to.processor - from.processor;
}

static void print_layers(struct workers *workers, const char *name, const struct layer_spec *spec,
                         size_t n_layer, bool with_dx)
{
    struct failure failure;
    struct network *network;
    struct stopwatch forward = {1e9, 1e9}, backward = {1e9, 1e9};
    uint32_t length[N_PIECE];
    size_t n_row = (size_t)N_STEP * N_PIECE;
    float *x = random_rows(n_row * spec[0].in_dim), *dx = random_rows(n_row * spec[0].in_dim);
    float *dy = random_rows(n_row * spec[n_layer - 1].out_dim);
    for (int i = 0; i < N_PIECE; i++) length[i] = N_STEP - (uint32_t)i;
    if (!network_new(&network, spec, n_layer, 1, &failure)) give_up(&failure);
    for (int run = 0; run < N_RUN; run++) {
        struct pass pass = {.x = x, .n_step = N_STEP, .n_piece = N_PIECE, .length = length,
                            .mode = NETWORK_TRAIN, .seed = (uint64_t)run};
        struct stopwatch start = now();
        if (!network_forward(network, workers, &pass, &failure)) give_up(&failure);
        struct stopwatch middle = now();
        network_backward(network, workers, &pass, dy, with_dx ? dx : NULL);
        keep_least(&forward, start, middle);
        keep_least(&backward, middle, now());
    }
    printf("%-18s %7.1f %7.1f   %7.1f %7.1f\n", name, forward.wall, backward.wall,
           forward.processor, backward.processor);
    network_free(network);
    free(x);
    free(dx);
    free(dy);
}

static void print_times(size_t n_thread)
{
    static const char *const names[] = {"", "conv", "gru", "latent"};
    struct failure failure;
    struct workers *workers;
    if (!workers_new(&workers, n_thread, &failure)) give_up(&failure);
    printf("%zu thread%-9s forward, backward; of all processors: forward, backward (ms)\n",
           n_thread, n_thread == 1 ? "" : "s");
    print_layers(workers, "network", encoder, N_LAYER, false);
    for (size_t i = 0; i < N_LAYER; i++) {
        char name[64];
        snprintf(name, sizeof name, "%zu %s %u -> %u", i, names[encoder[i].kind], encoder[i].in_dim,
                 encoder[i].out_dim);
        print_layers(workers, name, &encoder[i], 1, i > 0);
    }
    workers_free(workers);
}

int main(void)
{
    print_times(1);
    print_times(2);
    return 0;
}

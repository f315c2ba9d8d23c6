/* SPDX-License-Identifier: MIT */
/* ns of processor time per frame of the learned encoder, a network of the size of the models for
   speech, alone and in blocks, on every instruction set. Prints medians; judges nothing: machines
   are noisy. */
#include "src/encoder/encoder_state.h"
#include "src/kernel/kernel.h"
#include "tests/bench/timing.h"
#include "tests/support/networks.h"

#include <stdio.h>

enum { N_REPEAT = 31, N_FRAME = 512, IN_DIM = 40, OUT_DIM = 64 };

static float v[N_FRAME * IN_DIM], z[N_FRAME * OUT_DIM];

static void encode_all(struct encoder_state *state)
{
    voq_encoder_reset(state);
    for (size_t i = 0; i < N_FRAME; i += state->chunk)
        voq_encoder_push(state, v + i * IN_DIM, state->chunk, z);
}

/* Median over repeated utterances, per frame. */
static double measure(const struct encoder *encoder, size_t chunk)
{
    double ns[N_REPEAT];
    struct encoder_state state;
    struct arena size = {0};
    voq_encoder_state_place(&state, encoder, chunk, &size);
    void *memory = malloc(arena_size(&size));
    struct arena arena = arena_in(memory);
    voq_encoder_state_place(&state, encoder, chunk, &arena);
    encode_all(&state);
    for (int i = 0; i < N_REPEAT; i++) {
        double start = now_ns();
        encode_all(&state);
        ns[i] = (now_ns() - start) / N_FRAME;
    }
    free(memory);
    return percentile(ns, N_REPEAT, 50);
}

static void bench(const voq_encoder *parts, const struct kernel *kernel)
{
    static const size_t chunks[] = {1, 4, 64};
    struct encoder encoder;
    struct arena size = {0};
    voq_encoder_place(&encoder, parts, kernel->encoder, &size);
    void *memory = malloc(arena_size(&size));
    struct arena arena = arena_in(memory);
    voq_encoder_place(&encoder, parts, kernel->encoder, &arena);
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++)
        printf("%-8s encoder  %8.0f ns per frame, in blocks of %zu (kernels: %s)\n",
               kernel->name, measure(&encoder, chunks[i]), chunks[i], encoder.kernel->name);
    free(memory);
}

int main(void)
{
    static const voq_cpu cpus[] = {VOQ_CPU_SCALAR, VOQ_CPU_SSE2, VOQ_CPU_AVX2, VOQ_CPU_AVX512,
                                   VOQ_CPU_NEON,   VOQ_CPU_WASM};
    struct network network;
    uint64_t seed = 1;
    network_of_full_size(&network, IN_DIM);
    for (size_t i = 0; i < N_FRAME * IN_DIM; i++) v[i] = random_normal(&seed);
    printf("%llu multiply-adds per frame\n",
           (unsigned long long)voq_encoder_multiplies(&network.encoder));
    for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++) {
        struct kernel kernel;
        if (voq_kernel_choose((int)cpus[i], &kernel)) bench(&network.encoder, &kernel);
    }
    network_free(&network);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* If this fails, units of a learned model depend on the CPU: the encoder's kernels of an
   instruction set compute other numbers than the scalar ones, or touch memory of others. */
#include "src/encoder/encoder.h"
#include "src/kernel/encoder_kernel.h"
#include "tests/kernel/variants.h"
#include "tests/support/networks.h"

enum { MOST_KERNELS = 16 };

static const struct encoder_kernel *kernels[MOST_KERNELS];
static size_t n_kernel;

static void collect(const struct encoder_kernel *kernel)
{
    for (size_t i = 0; i < n_kernel; i++)
        if (kernels[i] == kernel) return;
    kernels[n_kernel++] = kernel;
}

/* Those in the tables, and those that replace them on this machine. */
static void collect_kernels(void)
{
    for (int cpu = VOQ_CPU_AUTO; cpu <= VOQ_CPU_WASM; cpu++) {
        struct kernel chosen;
        if (!voq_kernel_choose(cpu, &chosen)) continue;
        collect(voq_kernel_for(cpu)->encoder);
        collect(chosen.encoder);
    }
    printf("#");
    for (size_t i = 0; i < n_kernel; i++) printf(" %s", kernels[i]->name);
    printf("\n");
}

/* Bytes at the end, or the beginning, of a mapping that ends there. */
static void *fenced(struct guarded *g, size_t n, int at_end)
{
    *g = guard_new(n);
    return guard_place(g, n, 1, at_end);
}

static int8_t activation(enum fill fill, bool is_signed, uint64_t *seed)
{
    int low = is_signed ? -127 : 0, n = 127 - low + 1;
    if (fill == FILL_EQUAL) return 127;
    if (fill == FILL_HUGE) return (int8_t)(random_below(seed, 2) ? 127 : low);
    return (int8_t)(low + (int)random_below(seed, (size_t)n));
}

/* A layer as the loader takes it; FILL_HUGE and FILL_EQUAL are as large as it allows. */
static voq_layer layer_of(enum fill fill, const voq_layer *shape, uint64_t *seed)
{
    voq_layer layer = *shape;
    layer.kind = VOQ_LAYER_CONV;
    size_t n_row = layer.out_dim, n_column = (size_t)layer.taps * layer.in_dim;
    layer.input = random_matrix(seed, n_row, n_column, 60);
    if (fill != FILL_HUGE && fill != FILL_EQUAL) return layer;
    int8_t *weight = (int8_t *)(uintptr_t)layer.input.weight;
    int32_t *bias = (int32_t *)(uintptr_t)layer.input.bias;
    int32_t *multiplier = (int32_t *)(uintptr_t)layer.input.multiplier;
    for (size_t i = 0; i < n_row * n_column; i++) weight[i] = activation(fill, true, seed);
    for (size_t r = 0; r < n_row; r++) {
        bias[r] = INT32_MAX - 127 * 127 * (int32_t)n_column;
        if (random_below(seed, 2)) bias[r] = -bias[r];
        multiplier[r] = INT32_MAX;
    }
    layer.input.shift = 32;
    return layer;
}

/* A layer alone, packed for a kernel. */
struct packed {
    void *memory;
    struct encoder encoder;
};

static struct packed packed_for(const voq_layer *layer, const struct encoder_kernel *kernel)
{
    const voq_encoder parts = {sizeof parts, sizeof *layer, layer, 1};
    struct packed p = {NULL, {0}};
    struct arena size = {0};
    voq_encoder_place(&p.encoder, &parts, kernel, &size);
    p.memory = malloc(arena_size(&size));
    struct arena arena = arena_in(p.memory);
    voq_encoder_place(&p.encoder, &parts, kernel, &arena);
    return p;
}

/* y[n][n_row] of both widths, of activations that end at, or begin behind, a guard page. */
static void run_fenced(const struct packed *p, const int8_t *x, size_t n_byte, size_t n,
                       int8_t *narrow, int16_t *wide)
{
    const struct encoder_layer *layer = p->encoder.layer;
    size_t n_row = layer->input.n_row, step = layer->in_step;
    for (int at_end = 0; at_end < 2; at_end++) {
        struct guarded in_memory, narrow_memory, wide_memory;
        int8_t *a = fenced(&in_memory, n_byte, at_end);
        int8_t *y8 = fenced(&narrow_memory, n * n_row, at_end);
        int16_t *y16 = fenced(&wide_memory, n * n_row * 2, at_end);
        memcpy(a, x, n_byte);
        struct activations in = {a, n, layer->stride * step, layer->dilation * step};
        p->encoder.kernel->dense_i8(&layer->input, &in, y8, n_row);
        p->encoder.kernel->dense_i16(&layer->input, &in, y16, n_row);
        memcpy(narrow + (size_t)at_end * n * n_row, y8, n * n_row);
        memcpy(wide + (size_t)at_end * n * n_row, y16, n * n_row * 2);
        guard_free(&in_memory);
        guard_free(&narrow_memory);
        guard_free(&wide_memory);
    }
}

static bool same_products(const voq_layer *layer, const int8_t *x, size_t n_byte, size_t n)
{
    struct packed scalar = packed_for(layer, &voq_encoder_scalar);
    size_t n_value = 2 * n * scalar.encoder.layer->input.n_row;
    int8_t *narrow = malloc(2 * n_value);
    int16_t *wide = malloc(4 * n_value);
    bool same = true;
    run_fenced(&scalar, x, n_byte, n, narrow, wide);
    for (size_t i = 0; i < n_kernel && same; i++) {
        struct packed p = packed_for(layer, kernels[i]);
        run_fenced(&p, x, n_byte, n, narrow + n_value, wide + n_value);
        same = memcmp(narrow, narrow + n_value, n_value) == 0 &&
               memcmp(wide, wide + n_value, 2 * n_value) == 0;
        if (!same)
            printf("# %s: %u to %u, %u taps, dilation %u, %zu frames\n", kernels[i]->name,
                   layer->in_dim, layer->out_dim, layer->taps, layer->dilation, n);
        free(p.memory);
    }
    free(narrow);
    free(wide);
    free(scalar.memory);
    return same;
}

static void products_are_those_of_the_scalar_kernel(void)
{
    const voq_layer shapes[] = {CONV(40, 70, 5, 1, 2, 1),  CONV(64, 64, 3, 1, 1, 2),
                                CONV(17, 130, 3, 4, 1, 1), CONV(1, 1, 1, 1, 0, 1),
                                CONV(5, 3, 64, 4, 63, 3),  CONV(1024, 65, 8, 2, 0, 1),
                                CONV(63, 9, 1, 1, 0, 1)};
    uint64_t seed = 1;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int fill = 0; fill < N_FILL; fill++) {
            voq_layer layer = layer_of((enum fill)fill, &shapes[s], &seed);
            for (size_t n = 1; n <= 9; n += n < 5 ? 1 : 4) {
                size_t step = (layer.in_dim + 63) / 64 * 64;
                size_t n_frame = (n - 1) * layer.stride + 1 + (layer.taps - 1) * layer.dilation;
                int8_t *x = malloc(n_frame * step);
                for (size_t i = 0; i < n_frame * step; i++)
                    x[i] = activation((enum fill)fill, true, &seed);
                CHECK(same_products(&layer, x, n_frame * step, n));
                free(x);
            }
            matrix_free(&layer.input);
        }
}

/* Every value that a gate can see, at the ends of its range and inside. */
static int16_t gate_value(uint64_t *seed)
{
    static const int16_t edges[] = {INT16_MIN, INT16_MAX, -16384, 16383, 16384, -1, 0, 1, -8192};
    size_t i = random_below(seed, 20);
    return i < sizeof edges / sizeof *edges ? edges[i] : (int16_t)random_u64(seed);
}

static void gates_are_those_of_the_scalar_kernel(void)
{
    enum { N = 2 * DENSE_GROUP, N_STEP = 400 };
    int16_t gi[3 * N], gh[3 * N], h[2][N];
    int8_t h8[2][N];
    for (size_t k = 0; k < n_kernel; k++) {
        uint64_t seed = 2;
        memset(h, 0, sizeof h);
        for (size_t step = 0; step < N_STEP; step++) {
            for (size_t i = 0; i < 3 * N; i++) {
                gi[i] = gate_value(&seed);
                gh[i] = gate_value(&seed);
            }
            voq_encoder_scalar.gates(gi, gh, N, h[0], h8[0]);
            kernels[k]->gates(gi, gh, N, h[1], h8[1]);
            CHECK(memcmp(h[0], h[1], sizeof h[0]) == 0 && memcmp(h8[0], h8[1], sizeof h8[0]) == 0);
            for (size_t i = 0; i < N; i++)
                CHECK(h[0][i] >= -16373 && h[0][i] <= 16373 && h8[0][i] >= -127);
        }
    }
}

static void latents_of_every_product_are_those_of_the_scalar_kernel(void)
{
    for (size_t k = 0; k < n_kernel; k++)
        for (int32_t first = INT16_MIN; first <= INT16_MAX; first += 61) {
            size_t n = 61 < INT16_MAX + 1 - first ? 61 : (size_t)(INT16_MAX + 1 - first);
            int16_t p[64] = {0}; /* a row is padded */
            struct guarded memory = guard_new(n * 4);
            float expected[61], *z = guard_place(&memory, n * 4, 4, 1);
            for (size_t i = 0; i < n; i++) p[i] = (int16_t)(first + (int32_t)i);
            voq_encoder_scalar.latent(p, n, expected);
            kernels[k]->latent(p, n, z);
            CHECK_BITS(z, expected, n);
            guard_free(&memory);
        }
}

static void inputs_round_to_the_nearest_activation(void)
{
    enum { N = 61 };
    static const float edges[] = {0.0f,        -0.0f,       1.0f / 64, 3.0f / 64,  -1.0f / 64,
                                  127.0f / 32, 128.0f / 32, -4.0f,     253.0f / 64, -253.0f / 64,
                                  FLT_MAX,     -FLT_MAX,    FLT_MIN,   1e30f,      -1e30f};
    static const int8_t expected[] = {0,    0,   0,    2,   0,    127, 127, -127,
                                      126, -126, 127, -127, 0,    127, -127};
    int8_t a[2][64], all[sizeof edges / sizeof *edges + 64];
    uint64_t seed = 3;
    for (size_t k = 0; k < n_kernel; k++) {
        kernels[k]->input(edges, sizeof edges / sizeof *edges, all);
        CHECK(memcmp(all, expected, sizeof expected) == 0);
        for (int round = 0; round < 2000; round++) {
            struct guarded memory = guard_new(N * 4);
            float *v = guard_place(&memory, N * 4, 4, 1);
            for (size_t i = 0; i < N; i++)
                v[i] = fill_value((enum fill)(round % N_FILL), &seed) * (round % 7 ? 1.0f : 3.0f);
            voq_encoder_scalar.input(v, N, a[0]);
            kernels[k]->input(v, N, a[1]);
            CHECK(memcmp(a[0], a[1], N) == 0);
            guard_free(&memory);
        }
    }
}

int main(void)
{
    collect_kernels();
    RUN(products_are_those_of_the_scalar_kernel);
    RUN(gates_are_those_of_the_scalar_kernel);
    RUN(latents_of_every_product_are_those_of_the_scalar_kernel);
    RUN(inputs_round_to_the_nearest_activation);
    return check_done();
}

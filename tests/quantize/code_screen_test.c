/* SPDX-License-Identifier: MIT */
/* If this fails, the screen excludes the nearest codeword: a unit depends on the computer. */
#include "tests/quantize/plain_search.h"

#include "src/model/model.h"

enum { K = 130, N = 60 };

/* K codewords and N vectors of `dim` numbers. */
struct both {
    struct vq vq;
    float *x;
    uint64_t seed;
};

static struct both both_new(uint32_t n_codebook, uint32_t n_code, uint32_t dim)
{
    struct both b = {{n_codebook, n_code, dim, NULL}, NULL, dim + n_code};
    b.vq.codeword = random_array(&b.seed, (size_t)n_codebook * n_code * dim, 1.0f);
    b.x = random_array(&b.seed, (size_t)N * dim, 1.3f);
    return b;
}

static bool both_agree(struct both *b)
{
    bool same = agrees(&b->vq, b->x, N);
    if (!same) printf("# %u codes, %u dimensions\n", b->vq.n_code, b->vq.dim);
    free(b->vq.codeword);
    free(b->x);
    return same;
}

/* Scales every number of codewords and vectors by f(d) and adds the offset. */
static void change(struct both *b, float (*scale)(uint32_t d, uint32_t dim), float offset)
{
    uint32_t dim = b->vq.dim;
    for (size_t i = 0; i < (size_t)b->vq.n_codebook * b->vq.n_code * dim; i++)
        b->vq.codeword[i] = b->vq.codeword[i] * scale((uint32_t)(i % dim), dim) + offset;
    for (size_t i = 0; i < (size_t)N * dim; i++)
        b->x[i] = b->x[i] * scale((uint32_t)(i % dim), dim) + offset;
}

static bool uses_screen(const struct vq *vq, voq_cpu cpu)
{
    voq_model *model = model_from(vq, cpu);
    bool uses = model && model->quantizer.codebook[0].screen.margin > 0;
    voq_model_close(model);
    return uses;
}

static void cpus_with_fast_integers_use_a_screen(void)
{
    struct both b = both_new(1, K, 39);
    bool uses[N_CPU];
    for (size_t c = 0; c < N_CPU; c++) uses[c] = uses_screen(&b.vq, cpus[c]);
    CHECK(both_agree(&b));
    for (size_t c = 0; c < N_CPU; c++) {
        const struct kernel *table = voq_kernel_for((int)cpus[c]);
        CHECK_EQ(uses[c], table && table->screen);
    }
#if defined(__x86_64__)
    CHECK(uses[0]);
#endif
}

static void every_shape_follows_the_definition(void)
{
    static const uint32_t n_code[] = {64, 65, 95, 96, 97, 128, 129, 500, 2000};
    static const uint32_t dim[] = {8, 9, 13, 15, 16, 17, 31, 32, 33, 39, 64, 100};
    for (size_t i = 0; i < sizeof n_code / sizeof *n_code; i++)
        for (size_t j = 0; j < sizeof dim / sizeof *dim; j++) {
            struct both b = both_new(1, n_code[i], dim[j]);
            CHECK(both_agree(&b));
        }
    struct both large = both_new(1, 200, 768), largest = both_new(1, 70, 2048);
    CHECK(both_agree(&large));
    CHECK(both_agree(&largest));
}

static void residual_codebooks_follow_the_definition(void)
{
    for (uint32_t n_codebook = 2; n_codebook <= 4; n_codebook++) {
        struct both b = both_new(n_codebook, K, 21);
        CHECK(both_agree(&b));
    }
}

static float one(uint32_t d, uint32_t dim)
{
    (void)d;
    (void)dim;
    return 1.0f;
}
static float dominant(uint32_t d, uint32_t dim)
{
    return d == dim / 2 ? 1e4f : 1e-3f;
}
static float falling(uint32_t d, uint32_t dim)
{
    (void)dim;
    return powf(0.5f, (float)d);
}
static float half_constant(uint32_t d, uint32_t dim)
{
    return d < dim / 2 ? 0.0f : 1.0f;
}
static float denormal(uint32_t d, uint32_t dim)
{
    (void)d;
    (void)dim;
    return FLT_MIN / 8.0f;
}
static float small(uint32_t d, uint32_t dim)
{
    (void)d;
    (void)dim;
    return 1e-9f;
}
static float large(uint32_t d, uint32_t dim)
{
    (void)d;
    (void)dim;
    return 1e14f;
}
static float huge(uint32_t d, uint32_t dim)
{
    (void)d;
    (void)dim;
    return 1e17f;
}

static void scales_and_offsets_of_any_size_follow_the_definition(void)
{
    static float (*const scale[])(uint32_t, uint32_t) = {
        one, dominant, falling, half_constant, denormal, small, large, huge};
    static const float offset[] = {0.0f, 1.0f, -300.0f, 1e6f};
    for (size_t s = 0; s < sizeof scale / sizeof *scale; s++)
        for (size_t o = 0; o < sizeof offset / sizeof *offset; o++) {
            struct both b = both_new(1, K, 39);
            change(&b, scale[s], offset[o]);
            bool same = both_agree(&b);
            if (!same) printf("# scale %zu, offset %zu\n", s, o);
            CHECK(same);
        }
}

/* From nothing to beyond what any shift can hold. */
static void vectors_of_any_norm_follow_the_definition(void)
{
    struct both b = both_new(1, K, 39);
    for (size_t i = 0; i < N; i++)
        for (size_t d = 0; d < 39; d++)
            b.x[i * 39 + d] *= i == 0 ? 0.0f : ldexpf(1.0f, (int)i - 30);
    CHECK(both_agree(&b));
}

static void equal_codewords_are_told_apart_by_their_index(void)
{
    struct both b = both_new(1, 500, 20);
    for (size_t k = 0; k < 500; k++) /* every codeword nine times, in other lanes and in the same */
        memcpy(b.vq.codeword + k * 20, b.vq.codeword + k % 57 * 20, 80);
    memcpy(b.x, b.vq.codeword, (size_t)N * 80);
    CHECK(both_agree(&b));
    struct both equal = both_new(1, 500, 20), two = both_new(1, 500, 20);
    for (size_t i = 0; i < 500 * 20; i++) equal.vq.codeword[i] = 0.3f;
    for (size_t k = 0; k < 500; k++)
        memcpy(two.vq.codeword + k * 20, two.vq.codeword + (k > 250) * 20, 80);
    CHECK(both_agree(&equal));
    CHECK(both_agree(&two));
}

/* Half way between two codewords, scores differ by the rounding of the definition. */
static void near_ties_are_decided_by_the_definition(void)
{
    static const uint32_t dim[] = {8, 13, 39, 64, 256};
    static const float offset[] = {0.0f, 50.0f};
    for (size_t j = 0; j < 10; j++) {
        struct both b = both_new(1, K, dim[j / 2]);
        change(&b, one, offset[j % 2]);
        for (size_t i = 0; i < N; i++) {
            const float *p = b.vq.codeword + random_below(&b.seed, K) * b.vq.dim;
            const float *q = b.vq.codeword + random_below(&b.seed, K) * b.vq.dim;
            for (size_t d = 0; d < b.vq.dim; d++) {
                float *x = &b.x[i * b.vq.dim + d];
                *x = 0.5f * (p[d] + q[d]);
                if (random_below(&b.seed, 8) == 0) *x = nextafterf(*x, random_normal(&b.seed));
            }
        }
        CHECK(both_agree(&b));
    }
}

/* The worst case of the proof. Steps are 1. Codewords `a` and -a at index first and last have
   equal scores for a vector that is orthogonal to them, and all numbers are rounded such that the
   errors add up: the rough score prefers one of them by nearly the margin. The others, on pairs of
   opposite vectors, are farther. */
static bool worst_rounding(uint32_t dim, float turn, int shift)
{
    enum { PAIRS = 40, CODES = 2 * PAIRS };
    struct both b = both_new(1, CODES, dim);
    float size = floorf(31000.0f / sqrtf((float)dim)), *a = b.vq.codeword;
    for (uint32_t k = 0; k < PAIRS; k++)
        for (uint32_t d = 0; d < dim; d++) {
            float sign = (d / 2 + d / 2 * k / 3) % 2 ? 1.0f : -1.0f;
            float c = k > 0 ? sign * (size + 400.0f) : turn * (size + (d % 2 ? 0.48f : -0.48f));
            a[k * dim + d] = c;
            a[(CODES - 1 - k) * dim + d] = -c;
        }
    for (size_t i = 0; i < N; i++) {
        float *x = b.x + i * dim;
        double product = 0.0;
        for (uint32_t d = 0; d < dim; d++) x[d] = d % 2 ? size + 0.48f : -size - 0.52f;
        for (uint32_t d = 0; d < dim; d++) product += (double)x[d] * (double)a[d];
        x[0] -= (float)(product / (double)a[0]) + 0.002f * ((float)i - N / 2);
        for (uint32_t d = 0; d < dim; d++) x[d] = ldexpf(x[d], shift);
    }
    return both_agree(&b);
}

static void the_margin_covers_the_worst_rounding(void)
{
    for (uint32_t dim = 8; dim <= 200; dim += 2)
        for (int shift = 0; shift <= 14; shift += 7) {
            CHECK(worst_rounding(dim, 1.0f, shift));
            CHECK(worst_rounding(dim, -1.0f, shift));
        }
}

static void a_bad_vector_ends_the_search_where_it_is(void)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f};
    struct both b = both_new(2, K, 13);
    for (size_t c = 0; c < N_CPU; c++) {
        voq_model *model = model_from(&b.vq, cpus[c]);
        for (size_t frame = 0; model && frame < 9; frame++)
            for (size_t k = 0; k < 5; k++) {
                uint32_t id[9 * 2], expected[9 * 2];
                float x[9 * 13];
                memcpy(x, b.x, sizeof x);
                CHECK_EQ(voq_quantize(model, x, 9, UNITS(expected, NULL, 9), NULL), VOQ_OK);
                for (size_t i = 0; i < 9 * 2; i++) id[i] = 12345;
                x[frame * 13 + k] = bad[k];
                CHECK_EQ(voq_quantize(model, x, 9, UNITS(id, NULL, 9), NULL), VOQ_ERROR_VALUE);
                CHECK_BITS(id, expected, frame * 2);
            }
        voq_model_close(model);
    }
    CHECK(both_agree(&b));
}

int main(void)
{
    RUN(cpus_with_fast_integers_use_a_screen);
    RUN(every_shape_follows_the_definition);
    RUN(residual_codebooks_follow_the_definition);
    RUN(scales_and_offsets_of_any_size_follow_the_definition);
    RUN(vectors_of_any_norm_follow_the_definition);
    RUN(equal_codewords_are_told_apart_by_their_index);
    RUN(near_ties_are_decided_by_the_definition);
    RUN(the_margin_covers_the_worst_rounding);
    RUN(a_bad_vector_ends_the_search_where_it_is);
    return check_done();
}

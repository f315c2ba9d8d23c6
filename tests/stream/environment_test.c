/* SPDX-License-Identifier: MIT */
/* If this fails, units change inside an audio host that flushes denormals or rounds otherwise. */
#include "tests/support/check.h"
#include "tests/support/asked.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"

#include <fenv.h>
#include <float.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
static void flush_denormals(void)
{
    _mm_setcsr(_mm_getcsr() | 0x8040);
}
static uint64_t control(void)
{
    return _mm_getcsr() & 0xffc0;
}
#elif defined(__aarch64__)
static uint64_t control(void)
{
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return fpcr;
}
static void flush_denormals(void)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(control() | (UINT64_C(1) << 24)));
}
#else
static void flush_denormals(void)
{
}
static uint64_t control(void)
{
    return (uint64_t)fegetround();
}
#endif

enum { N_SAMPLE = 3000, N_VECTOR = 40 };

static float quiet[N_SAMPLE];

/* Everything that computes, all in one list of bits. */
struct outcome {
    struct collected live, file;
    uint32_t id[N_VECTOR * 3];
    float distance[N_VECTOR * 3], z_q[N_VECTOR * 130], decoded[N_VECTOR * 130];
    char text[1000];
    char hash[17];
    bool kept;
};

static struct outcome *compute(const struct ingredients *in)
{
    struct outcome *o = calloc(1, sizeof *o);
    uint64_t before = control(), seed = 3;
    size_t n;
    voq_model *model;
    if (voq_model_make(&in->parts, NULL, &model, NULL) != VOQ_OK) abort();
    o->live = outputs_of(model, 1, quiet, N_SAMPLE, 300);
    o->file = outputs_of(model, 64, quiet, N_SAMPLE, PUSH_ALL);
    o->kept = control() == before;
    size_t dim = info_of(model).dim;
    float *x = malloc(N_VECTOR * dim * 4);
    for (size_t k = 0; k < N_VECTOR * dim; k++) {
        x[k] = random_float(&seed);
        if (k % 3 == 0) { /* a denormal, made without arithmetic */
            uint32_t bits = (uint32_t)random_u64(&seed) & 0x007fffff;
            memcpy(&x[k], &bits, 4);
        }
    }
    if (voq_quantize(model, x, N_VECTOR, CODES(o->id, o->distance, o->z_q, N_VECTOR), NULL) !=
        VOQ_OK)
        abort();
    if (voq_decode(model, o->id, N_VECTOR, o->decoded) != VOQ_OK) abort();
    o->kept = o->kept && control() == before;
    voq_frontend f = in->frontend;
    if (voq_frontend_set(&f, "low_hz", "20.7", NULL) != VOQ_OK ||
        voq_frontend_set(&f, "mel_floor", "1.1e-7", NULL) != VOQ_OK ||
        voq_frontend_text(&f, o->text, sizeof o->text, &n) != VOQ_OK)
        abort();
    o->kept = o->kept && control() == before;
    memcpy(o->hash, info_of(model).hash, 17);
    free(x);
    voq_model_close(model);
    return o;
}

static void outcome_free(struct outcome *o)
{
    collected_free(&o->live);
    collected_free(&o->file);
    free(o);
}

static void in_environment(void (*enter)(void))
{
    fenv_t before;
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        struct ingredients in;
        ingredients_fill(&in, &r);
        struct outcome *expected = compute(&in);
        fegetenv(&before);
        enter();
        struct outcome *got = compute(&in);
        fesetenv(&before);
        CHECK(got->kept);
        CHECK(got->live.as_promised && got->file.as_promised);
        CHECK_EQ(got->live.n, expected->live.n);
        CHECK_BITS(got->live.id, expected->live.id, got->live.n * r.n_codebook);
        CHECK_BITS(got->live.distance, expected->live.distance, got->live.n * r.n_codebook);
        CHECK_BITS(got->file.feature, expected->file.feature, got->file.n * in.parts.dim);
        CHECK_BITS(got->id, expected->id, N_VECTOR * 3);
        CHECK_BITS(got->distance, expected->distance, N_VECTOR * 3);
        CHECK_BITS(got->z_q, expected->z_q, N_VECTOR * 130);
        CHECK_BITS(got->decoded, expected->decoded, N_VECTOR * 130);
        CHECK_STR(got->hash, expected->hash);
        CHECK_STR(got->text, expected->text);
        outcome_free(got);
        outcome_free(expected);
        ingredients_free(&in);
    }
}

static void upward(void)
{
    fesetround(FE_UPWARD);
}
static void downward(void)
{
    fesetround(FE_DOWNWARD);
}
static void toward_zero(void)
{
    fesetround(FE_TOWARDZERO);
}

static void all_at_once(void)
{
    upward();
    flush_denormals();
}

static void flushing_denormals_changes_nothing(void)
{
    in_environment(flush_denormals);
}
static void rounding_up_changes_nothing(void)
{
    in_environment(upward);
}
static void rounding_down_changes_nothing(void)
{
    in_environment(downward);
}
static void rounding_to_zero_changes_nothing(void)
{
    in_environment(toward_zero);
}
static void all_of_it_together_changes_nothing(void)
{
    in_environment(all_at_once);
}

int main(void)
{
    static int16_t x[N_SAMPLE];
    random_speech(4, x, N_SAMPLE);
    for (size_t i = 0; i < N_SAMPLE; i++) {
        float s = (float)x[i];
        quiet[i] = s / 32768.0f * (i > N_SAMPLE / 2 ? 0x1p-62f : 1.0f); /* squares are denormal */
    }
    RUN(flushing_denormals_changes_nothing);
    RUN(rounding_up_changes_nothing);
    RUN(rounding_down_changes_nothing);
    RUN(rounding_to_zero_changes_nothing);
    RUN(all_of_it_together_changes_nothing);
    return check_done();
}

/* SPDX-License-Identifier: MIT */
/* One hash over everything that the library computes, for every instruction set of the machine. It
   is the same for every compiler, optimisation and CPU; tools/check builds this program many ways.
   If this fails, two people get different units from one recording. */
#include "src/model/sha256.h"
#include "tests/support/check.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"

/* Change only with a new major version, or on purpose and with a line in the README. Each is of the
   recipes from the end of the one before. */
static const struct {
    size_t end;
    const char *hash;
} golden[] = {{27, "84e0ac2f6cb55476"}, {29, "5b98d935b9e31795"}, {N_RECIPE, "25eba22c149ae8dd"}};

enum { N_SAMPLE = 16000 };

static float speech[N_SAMPLE];
static int16_t speech_i16[N_SAMPLE];

static void add_model(struct sha256 *sha, struct recipe r, voq_cpu cpu, uint32_t block, int push)
{
    r.options.cpu = cpu;
    voq_model *model = model_of(&r);
    voq_info info = info_of(model);
    struct collected got = outputs_of(model, block, speech, N_SAMPLE, push);
    if (!got.as_promised) abort();
    voq_sha256_add(sha, info.hash, 16);
    voq_sha256_add(sha, got.id, got.n * info.n_codebook * 4);
    voq_sha256_add(sha, got.distance, got.n * info.n_codebook * 4);
    voq_sha256_add(sha, got.feature, got.n * info.dim * 4);
    voq_sha256_add(sha, got.z_q, got.n * info.dim * 4);
    collected_free(&got);
    voq_model_close(model);
}

static void hash_of(size_t begin, size_t end, voq_cpu cpu, uint32_t block, int push, char hash[17])
{
    struct sha256 sha;
    unsigned char digest[32];
    voq_sha256_begin(&sha);
    voq_sha256_add(&sha, speech_i16, sizeof speech_i16);
    for (size_t i = begin; i < end; i++) add_model(&sha, recipe_number(i), cpu, block, push);
    voq_sha256_end(&sha, digest);
    for (size_t i = 0; i < 8; i++) snprintf(hash + 2 * i, 3, "%02x", digest[i]);
}

static void check_cpu(voq_cpu cpu)
{
    struct recipe r = small_recipe();
    struct ingredients in;
    voq_model *model;
    voq_options options = {.struct_size = sizeof options, .cpu = cpu};
    ingredients_fill(&in, &r);
    voq_status status = voq_model_make(&in.parts, &options, &model, NULL);
    ingredients_free(&in);
    if (status == VOQ_ERROR_CPU) SKIP("this machine or build lacks it");
    CHECK_EQ(status, VOQ_OK);
    voq_model_close(model);
    for (size_t i = 0, begin = 0; i < sizeof golden / sizeof *golden; begin = golden[i++].end) {
        char hash[17];
        hash_of(begin, golden[i].end, cpu, 64, PUSH_ALL, hash);
        printf("# hash %s\n", hash);
        CHECK_STR(hash, golden[i].hash);
        hash_of(begin, golden[i].end, cpu, 1, 160, hash);
        CHECK_STR(hash, golden[i].hash);
    }
}

static void scalar_has_the_golden_bits(void)
{
    check_cpu(VOQ_CPU_SCALAR);
}
static void sse2_has_the_golden_bits(void)
{
    check_cpu(VOQ_CPU_SSE2);
}
static void avx2_has_the_golden_bits(void)
{
    check_cpu(VOQ_CPU_AVX2);
}
static void avx512_has_the_golden_bits(void)
{
    check_cpu(VOQ_CPU_AVX512);
}
static void neon_has_the_golden_bits(void)
{
    check_cpu(VOQ_CPU_NEON);
}
static void wasm_has_the_golden_bits(void)
{
    check_cpu(VOQ_CPU_WASM);
}
static void the_default_has_the_golden_bits(void)
{
    check_cpu(VOQ_CPU_AUTO);
}

int main(void)
{
    random_speech(1, speech_i16, N_SAMPLE);
    floats_of(speech_i16, N_SAMPLE, speech);
    RUN(scalar_has_the_golden_bits);
    RUN(sse2_has_the_golden_bits);
    RUN(avx2_has_the_golden_bits);
    RUN(avx512_has_the_golden_bits);
    RUN(neon_has_the_golden_bits);
    RUN(wasm_has_the_golden_bits);
    RUN(the_default_has_the_golden_bits);
    return check_done();
}

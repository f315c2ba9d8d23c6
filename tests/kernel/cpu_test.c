/* SPDX-License-Identifier: MIT */
/* If this fails, a machine runs slower kernels than it has, or ends in an illegal instruction, or a
   model has another hash there. */
#include "src/kernel/encoder_kernel.h"
#include "src/kernel/kernel.h"
#include "src/kernel/screen_kernel.h"
#include "src/model/crc32c.h"
#include "src/model/sha256.h"
#include "tests/support/check.h"

#include "voq.h"

static void the_kernels_offered_are_those_that_the_compilers_runtime_finds(void)
{
#if defined(__x86_64__) && defined(__linux__)
    bool avx2 = __builtin_cpu_supports("avx2"), avx512 = __builtin_cpu_supports("avx512f");
    bool amd = __builtin_cpu_is("amd");
    const char *best = amd && avx512 ? "avx512" : avx2 ? "avx2" : "sse2";
    CHECK_EQ(voq_kernel_for(VOQ_CPU_AVX2) != NULL, avx2);
    CHECK_EQ(voq_kernel_for(VOQ_CPU_AVX512) != NULL, avx512);
    CHECK_STR(voq_kernel_for(VOQ_CPU_AUTO)->name, best);
#else
    SKIP("__builtin_cpu_supports is for x86");
#endif
}

static void each_kernel_is_chosen_on_its_own(void)
{
#if defined(__x86_64__) && defined(__linux__)
    struct kernel chosen, avx2;
    bool has_avx2 = voq_kernel_choose(VOQ_CPU_AVX2, &avx2);
    bool vnni = __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw");
    CHECK(voq_kernel_choose(VOQ_CPU_AUTO, &chosen));
    CHECK_STR(chosen.name, voq_kernel_for(VOQ_CPU_AUTO)->name);
    CHECK_STR(chosen.encoder->name, vnni ? "vnni" : has_avx2 ? "avx2" : "sse2");
    CHECK_STR(chosen.screen->name, vnni ? "vnni" : has_avx2 ? "avx2" : "sse2");
    CHECK(!has_avx2 || chosen.nearest == avx2.nearest);
    CHECK(!has_avx2 || strcmp(avx2.encoder->name, "avx2") == 0);
    CHECK(!has_avx2 || strcmp(avx2.screen->name, "avx2") == 0);
#else
    SKIP("__builtin_cpu_supports is for x86");
#endif
}

static void one_that_is_asked_for_is_used_as_it_is(void)
{
    for (int cpu = VOQ_CPU_SCALAR; cpu <= VOQ_CPU_WASM; cpu++) {
        struct kernel chosen;
        const struct kernel *table = voq_kernel_for(cpu);
        CHECK_EQ(voq_kernel_choose(cpu, &chosen), table != NULL);
        CHECK(!table || (chosen.nearest == table->nearest && chosen.power == table->power));
    }
    struct kernel chosen;
    CHECK(voq_kernel_choose(VOQ_CPU_SCALAR, &chosen) && chosen.encoder == &voq_encoder_scalar);
}

static bool has_digest(const unsigned char *bytes, size_t n, size_t piece, const char *expected)
{
    struct sha256 sha;
    unsigned char digest[32];
    char hex[65];
    voq_sha256_begin(&sha);
    for (size_t i = 0; i < n; i += piece)
        voq_sha256_add(&sha, bytes + i, n - i < piece ? n - i : piece);
    voq_sha256_end(&sha, digest);
    for (size_t i = 0; i < 32; i++) sprintf(hex + 2 * i, "%02x", digest[i]);
    return strcmp(hex, expected) == 0;
}

/* The digests of FIPS 180-4. If this fails, a model has another hash on another computer. */
static void the_hash_is_that_of_the_standard_in_pieces_of_any_size(void)
{
    static unsigned char a[1000000];
    static const size_t piece[] = {1, 55, 63, 64, 65, 128, 1000, 999999, 1000000};
    memset(a, 'a', sizeof a);
    CHECK(has_digest((const unsigned char *)"abc", 3, 3,
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    for (size_t i = 0; i < sizeof piece / sizeof *piece; i++)
        CHECK(has_digest(a, sizeof a, piece[i],
                         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

/* 8 kB and more take another way than less. */
static void the_checksum_is_that_of_its_definition_at_any_length(void)
{
    static unsigned char bytes[20000];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * i >> 3 ^ i);
    CHECK_EQ(voq_crc32c(0, "123456789", 9), 0xe3069283u);
    uint32_t by_bytes = 0;
    for (size_t n = 0; n < sizeof bytes; n++) {
        if (n > 8180 && (n < 8210 || n > 19980)) CHECK_EQ(voq_crc32c(0, bytes, n), by_bytes);
        by_bytes = voq_crc32c(by_bytes, bytes + n, 1);
    }
}

static void there_is_always_a_kernel(void)
{
    CHECK(voq_kernel_for(VOQ_CPU_AUTO) != NULL);
    CHECK_STR(voq_kernel_for(VOQ_CPU_SCALAR)->name, "scalar");
    CHECK(voq_kernel_for(-1) == NULL && voq_kernel_for(99) == NULL);
#if defined(__x86_64__)
    CHECK_STR(voq_kernel_for(VOQ_CPU_SSE2)->name, "sse2");
#elif defined(__wasm_simd128__)
    CHECK_STR(voq_kernel_for(VOQ_CPU_WASM)->name, "wasm");
    CHECK_STR(voq_kernel_for(VOQ_CPU_AUTO)->encoder->name, "wasm");
#elif defined(__wasm__)
    CHECK(voq_kernel_for(VOQ_CPU_WASM) == NULL);
#endif
}

int main(void)
{
    printf("# auto is %s\n", voq_kernel_for(VOQ_CPU_AUTO)->name);
    RUN(the_kernels_offered_are_those_that_the_compilers_runtime_finds);
    RUN(each_kernel_is_chosen_on_its_own);
    RUN(one_that_is_asked_for_is_used_as_it_is);
    RUN(the_hash_is_that_of_the_standard_in_pieces_of_any_size);
    RUN(the_checksum_is_that_of_its_definition_at_any_length);
    RUN(there_is_always_a_kernel);
    return check_done();
}

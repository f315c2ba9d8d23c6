/* SPDX-License-Identifier: MIT */
#include "src/kernel/encoder_kernel.h"
#include "src/kernel/hash_kernel.h"
#include "src/kernel/kernel.h"
#include "src/kernel/screen_kernel.h"

#include "voq.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <string.h>

extern const struct kernel voq_kernel_sse2, voq_kernel_avx2, voq_kernel_avx512;
extern const struct encoder_kernel voq_encoder_vnni;

/* State that the operating system saves: SSE and YMM, and opmask and ZMM beside them. */
enum { YMM_STATE = 0x06, ZMM_STATE = 0xe6 };

static uint32_t saved_state(void)
{
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

/* Asks the CPU itself: __builtin_cpu_supports relies on the C runtime that a program is linked
   with, and some runtimes do not support it. */
static bool has(uint32_t feature_of_leaf_7, uint32_t state)
{
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
    if (!(c & bit_OSXSAVE) || !(c & bit_AVX) || (saved_state() & state) != state) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & feature_of_leaf_7);
}

static bool has_avx2(void)
{
    return has(bit_AVX2, YMM_STATE);
}

static bool has_avx512(void)
{
    return has(bit_AVX512F, ZMM_STATE);
}

static bool has_vnni(void)
{
    uint32_t a, b, c, d;
    return has(bit_AVX512BW, ZMM_STATE) && __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
           (c & bit_AVX512VNNI);
}

static bool has_sha256(void)
{
    uint32_t a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSSE3) &&
           __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

sha256_blocks *voq_sha256_kernel(void)
{
    return has_sha256() ? voq_sha256_x86 : NULL;
}

crc32c_steps *voq_crc32c_kernel(void)
{
    uint32_t a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2) ? voq_crc32c_sse42 : NULL;
}

static bool is_amd(void)
{
    uint32_t a, name[3];
    return __get_cpuid(0, &a, &name[0], &name[2], &name[1]) &&
           memcmp(name, "AuthenticAMD", sizeof name) == 0;
}

/* AVX-512 is the default only on AMD, where it was measured (FFT of 512: 211 -> 126 ns, 512
   codewords: 343 -> 217 ns); several Intel CPUs lower their clock for it. */
static const struct kernel *best_of_x86(void)
{
    if (is_amd() && has_avx512()) return &voq_kernel_avx512;
    return has_avx2() ? &voq_kernel_avx2 : &voq_kernel_sse2;
}

/* Measured on Zen 4, per frame in blocks: an encoder of 924 thousand weights takes 13 us with AVX2
   and 6.5 us with VNNI; 500 codewords of 39 dimensions take 460 ns with AVX2 and 540 ns with
   AVX-512, and with a screen 290 ns with AVX2 and 230 ns with VNNI. */
static void choose(int cpu, struct kernel *kernel)
{
    if ((cpu == VOQ_CPU_AVX512 || cpu == VOQ_CPU_AUTO) && has_vnni()) {
        kernel->encoder = &voq_encoder_vnni;
        kernel->screen = &voq_screen_vnni;
    }
    if (cpu == VOQ_CPU_AUTO && has_avx2()) kernel->nearest = voq_kernel_avx2.nearest;
}
#elif defined(__aarch64__)
#if defined(__linux__)
#include <sys/auxv.h>
#endif

extern const struct kernel voq_kernel_neon;
extern const struct encoder_kernel voq_encoder_dot;

/* Every Apple CPU that runs this has the dot product; Linux tells. */
static bool has_dot(void)
{
#if defined(__linux__)
    enum { DOT_PRODUCT = 1 << 20 }; /* HWCAP_ASIMDDP */
    return getauxval(AT_HWCAP) & DOT_PRODUCT;
#else
    return __APPLE__ + 0;
#endif
}

static void choose(int cpu, struct kernel *kernel)
{
    if (cpu != VOQ_CPU_SCALAR && has_dot()) kernel->encoder = &voq_encoder_dot;
}
#else
#if defined(__wasm_simd128__)
/* A module with SIMD does not load at all where there is none. */
extern const struct kernel voq_kernel_wasm;
#endif

static void choose(int cpu, struct kernel *kernel)
{
    (void)cpu;
    (void)kernel;
}
#endif

#if !defined(__x86_64__)
sha256_blocks *voq_sha256_kernel(void)
{
    return NULL;
}

crc32c_steps *voq_crc32c_kernel(void)
{
    return NULL;
}
#endif

const struct kernel *voq_kernel_for(int cpu)
{
    switch (cpu) {
    case VOQ_CPU_SCALAR: return &voq_kernel_scalar;
#if defined(__x86_64__)
    case VOQ_CPU_SSE2: return &voq_kernel_sse2;
    case VOQ_CPU_AVX2: return has_avx2() ? &voq_kernel_avx2 : NULL;
    case VOQ_CPU_AVX512: return has_avx512() ? &voq_kernel_avx512 : NULL;
    case VOQ_CPU_AUTO: return best_of_x86();
#elif defined(__aarch64__)
    case VOQ_CPU_NEON:
    case VOQ_CPU_AUTO: return &voq_kernel_neon;
#elif defined(__wasm_simd128__)
    case VOQ_CPU_WASM:
    case VOQ_CPU_AUTO: return &voq_kernel_wasm;
#else
    case VOQ_CPU_AUTO: return &voq_kernel_scalar;
#endif
    default: return NULL;
    }
}

bool voq_kernel_choose(int cpu, struct kernel *kernel)
{
    const struct kernel *table = voq_kernel_for(cpu);
    if (!table) return false;
    *kernel = *table;
    choose(cpu, kernel);
    return true;
}

/* SPDX-License-Identifier: MIT */
#include "src/kernel/kernel.h"

#include "voq.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <string.h>

extern const struct kernel voq_kernel_sse2, voq_kernel_avx2, voq_kernel_avx512;

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
#elif defined(__aarch64__)
extern const struct kernel voq_kernel_neon;
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
#else
    case VOQ_CPU_AUTO: return &voq_kernel_scalar;
#endif
    default: return NULL;
    }
}

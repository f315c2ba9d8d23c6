/* SPDX-License-Identifier: MIT */
#include "src/kernel/kernel.h"

#include "voq.h"

#if defined(__x86_64__)
extern const struct kernel kernel_sse2, kernel_avx2, kernel_avx512;
#elif defined(__aarch64__)
extern const struct kernel kernel_neon;
#endif

const struct kernel *kernel_for(int cpu)
{
    switch (cpu) {
    case VOQ_CPU_SCALAR: return &kernel_scalar;
#if defined(__x86_64__)
    case VOQ_CPU_SSE2: return &kernel_sse2;
    case VOQ_CPU_AVX2: return __builtin_cpu_supports("avx2") ? &kernel_avx2 : NULL;
    case VOQ_CPU_AVX512: return __builtin_cpu_supports("avx512f") ? &kernel_avx512 : NULL;
    /* Not AVX-512: it is chosen by name until it has been measured on the machines it would serve.
     */
    case VOQ_CPU_AUTO: return __builtin_cpu_supports("avx2") ? &kernel_avx2 : &kernel_sse2;
#elif defined(__aarch64__)
    case VOQ_CPU_NEON:
    case VOQ_CPU_AUTO: return &kernel_neon;
#else
    case VOQ_CPU_AUTO: return &kernel_scalar;
#endif
    default: return NULL;
    }
}

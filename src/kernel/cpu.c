/* SPDX-License-Identifier: MIT */
#include "src/kernel/kernel.h"

#include "voq.h"

#if defined(__x86_64__)
extern const struct kernel voq_kernel_sse2, voq_kernel_avx2, voq_kernel_avx512;
#elif defined(__aarch64__)
extern const struct kernel voq_kernel_neon;
#endif

#if defined(__x86_64__)
/* AVX-512 by itself only on AMD, where it was measured (FFT of 512: 211 -> 126 ns, 512 codewords:
   343 -> 217 ns); several Intel CPUs lower their clock for it. */
static const struct kernel *best_of_x86(void)
{
    if (__builtin_cpu_is("amd") && __builtin_cpu_supports("avx512f")) return &voq_kernel_avx512;
    return __builtin_cpu_supports("avx2") ? &voq_kernel_avx2 : &voq_kernel_sse2;
}
#endif

const struct kernel *voq_kernel_for(int cpu)
{
    switch (cpu) {
    case VOQ_CPU_SCALAR: return &voq_kernel_scalar;
#if defined(__x86_64__)
    case VOQ_CPU_SSE2: return &voq_kernel_sse2;
    case VOQ_CPU_AVX2: return __builtin_cpu_supports("avx2") ? &voq_kernel_avx2 : NULL;
    case VOQ_CPU_AVX512: return __builtin_cpu_supports("avx512f") ? &voq_kernel_avx512 : NULL;
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

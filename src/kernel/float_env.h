/* SPDX-License-Identifier: MIT */
/* Audio hosts flush denormals to zero and may change the rounding; results must not depend on it.
   Every call that computes sets the default environment on entry and restores the caller's on exit.
   */
#ifndef VOQ_FLOAT_ENV_H
#define VOQ_FLOAT_ENV_H

#include <stdint.h>

#if defined(__x86_64__)
#include <xmmintrin.h>

static inline uint64_t float_env_enter(void)
{
    unsigned int before = _mm_getcsr();
    _mm_setcsr(0x1f80); /* round to nearest, no flushing, all exceptions masked */
    return before;
}

static inline void float_env_leave(uint64_t before)
{
    _mm_setcsr((unsigned int)before);
}

#elif defined(__aarch64__)

static inline uint64_t float_env_enter(void)
{
    uint64_t before;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0) : "memory");
    return before;
}

static inline void float_env_leave(uint64_t before)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(before) : "memory");
}

#else
#include <fenv.h>

static inline uint64_t float_env_enter(void)
{
    int before = fegetround();
    fesetround(FE_TONEAREST);
    return (uint64_t)before;
}

static inline void float_env_leave(uint64_t before)
{
    fesetround((int)before);
}
#endif

#endif

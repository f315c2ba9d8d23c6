/* SPDX-License-Identifier: MIT */
/* KissFFT's own source with a vector as its sample type: one FFT per lane. Its functions are
   renamed per instruction set by ISA_NAME. Plans are placed, never allocated. */
#define kiss_fft_alloc ISA_NAME(kiss_fft_alloc)
#define kiss_fft_stride ISA_NAME(kiss_fft_stride)
#define kiss_fft ISA_NAME(kiss_fft)
#define kiss_fft_cleanup ISA_NAME(kiss_fft_cleanup)
#define kiss_fft_next_fast_size ISA_NAME(kiss_fft_next_fast_size)
#define kiss_fftr_alloc ISA_NAME(kiss_fftr_alloc)
#define kiss_fftr ISA_NAME(kiss_fftr)
#define kiss_fftri ISA_NAME(kiss_fftri)

#define KISS_FFT_MALLOC(n_byte) NULL
#define KISS_FFT_FREE(p) ((void)(p))

#if LANES > 1
#define KISS_FFT_ALIGN_CHECK(p)
#define KISS_FFT_ALIGN_SIZE_UP(size) (((size) + 63U) & ~(size_t)63U)
/* KissFFT's vector mode is written for SSE's type; these names replace it by ours. */
#define USE_SIMD 1
#include <xmmintrin.h> /* except on x86, the empty one in no_xmmintrin */
#define __m128 vec
#define _mm_set1_ps(x) vec_splat((float)(x))
#endif

#ifndef NDEBUG
#define NDEBUG 1 /* otherwise KissFFT logs to stderr */
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wcast-align"
#include "kiss_fft.c"
#include "kiss_fftr.c"
#pragma GCC diagnostic pop

/* A plan begins with its size; the tables follow at the next multiple of 64 bytes. */
enum { PLAN_HEAD = 64 };

static size_t plan_length(const void *plan)
{
    size_t n;
    memcpy(&n, plan, sizeof n);
    return n;
}

static void *plan_tables(void *plan)
{
    return (char *)plan + PLAN_HEAD;
}

static size_t kernel_fft_plan_size(size_t n)
{
    size_t size = 0;
    if (is_radix4(n)) return PLAN_HEAD + radix4_plan_size(n);
    kiss_fftr_alloc((int)n, 0, NULL, &size);
    return PLAN_HEAD + size;
}

static void kernel_fft_plan_place(void *plan, size_t size, size_t n)
{
    memcpy(plan, &n, sizeof n);
    size -= PLAN_HEAD;
    if (is_radix4(n))
        radix4_fill(plan_tables(plan), n);
    else
        kiss_fftr_alloc((int)n, 0, plan_tables(plan), &size);
}

static void kernel_power(void *plan, const float *x, bool magnitude, float *scratch, float *power)
{
    size_t n = plan_length(plan);
    if (is_radix4(n)) {
        radix4_power(plan_tables(plan), n, x, magnitude, scratch, power);
    } else {
        kiss_fftr((kiss_fftr_cfg)plan_tables(plan), (const kiss_fft_scalar *)(const void *)x,
                  (kiss_fft_cpx *)(void *)scratch);
        power_of_spectrum(scratch, n / 2 + 1, magnitude, power);
    }
}

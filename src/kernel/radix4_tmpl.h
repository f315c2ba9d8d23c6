/* SPDX-License-Identifier: MIT */
/* The real FFT of a group of frames, one per lane, where n is a power of two: the arithmetic of
   KissFFT, in less memory.

   A signal of n real samples is one of n/2 complex ones, which radix 4 divides (and radix 2 once,
   at the innermost, if 4 does not fit); then the bins of the real signal are separated. Each number
   comes from the same operations in the same order as in kiss_fft.c and kiss_fftr.c, but for the
   products with a factor of 1, which could only change the sign of a zero, and not the power.

   What differs is where numbers are: a factor is one float for all lanes, and the work is done in
   the result. So all tables take 3 kB for n = 512 at any width, where KissFFT's and its scratch
   take 80 kB with 16 lanes, more than the first level of the cache. The parts are transformed one
   after the other, which keeps them in that cache. */
#include <math.h>

static const double fft_pi = 3.14159265358979323846264338327950288;

/* twiddle[n/2][re, im], then those of the last step, [n/4][re, im]. */
static void radix4_fill(float *factor, size_t n)
{
    size_t half = n / 2;
    for (size_t i = 0; i < half; i++) {
        double phase = -2 * fft_pi * (double)i / (double)half;
        factor[2 * i] = (float)cos(phase);
        factor[2 * i + 1] = (float)sin(phase);
    }
    factor += 2 * half;
    for (size_t i = 0; i < half / 2; i++) {
        double phase = -fft_pi * ((double)(i + 1) / (double)half + .5);
        factor[2 * i] = (float)cos(phase);
        factor[2 * i + 1] = (float)sin(phase);
    }
}

struct complex_vec {
    vec re, im;
};

static inline struct complex_vec complex_load(const float *p)
{
    return (struct complex_vec){vec_load(p), vec_load(p + LANES)};
}

static inline void complex_store(float *p, vec re, vec im)
{
    vec_store(p, re);
    vec_store(p + LANES, im);
}

static inline struct complex_vec product(struct complex_vec a, struct complex_vec b)
{
    return (struct complex_vec){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static inline struct complex_vec complex_times(struct complex_vec a, const float *factor)
{
    return product(a, (struct complex_vec){vec_splat(factor[0]), vec_splat(factor[1])});
}

struct complex_4 {
    struct complex_vec y0, y1, y2, y3;
};

/* Four values, already multiplied, become bins k, k+m, k+2m and k+3m. */
static inline struct complex_4 bins_of_4(struct complex_vec x0, struct complex_vec x1,
                                         struct complex_vec x2, struct complex_vec x3)
{
    struct complex_vec a = {x0.re + x2.re, x0.im + x2.im}, b = {x0.re - x2.re, x0.im - x2.im};
    struct complex_vec c = {x1.re + x3.re, x1.im + x3.im}, d = {x1.re - x3.re, x1.im - x3.im};
    return (struct complex_4){{a.re + c.re, a.im + c.im},
                              {b.re + d.im, b.im - d.re},
                              {a.re - c.re, a.im - c.im},
                              {b.re - d.im, b.im + d.re}};
}

/* step is the distance m. */
static inline void butterfly(struct complex_vec x0, struct complex_vec x1, struct complex_vec x2,
                             struct complex_vec x3, float *y, size_t step)
{
    struct complex_4 bins = bins_of_4(x0, x1, x2, x3);
    complex_store(y, bins.y0.re, bins.y0.im);
    complex_store(y + step, bins.y1.re, bins.y1.im);
    complex_store(y + 2 * step, bins.y2.re, bins.y2.im);
    complex_store(y + 3 * step, bins.y3.re, bins.y3.im);
}

/* y[n] = the bins of x[n][stride], complex. Its factors are every factor_step-th of the table of
   the whole FFT. */
static void transform(const float *factor, size_t factor_step, const float *x, size_t stride,
                      size_t n, float *y)
{
    const size_t wide = 2 * LANES, far = stride * wide;
    if (n == 2) {
        struct complex_vec a = complex_load(x), b = complex_load(x + far);
        complex_store(y, a.re + b.re, a.im + b.im);
        complex_store(y + wide, a.re - b.re, a.im - b.im);
        return;
    }
    if (n == 4) {
        butterfly(complex_load(x), complex_load(x + far), complex_load(x + 2 * far),
                  complex_load(x + 3 * far), y, wide);
        return;
    }
    size_t m = n / 4, step = m * wide;
    for (size_t q = 0; q < 4; q++)
        transform(factor, 4 * factor_step, x + q * far, 4 * stride, m, y + q * step);
    butterfly(complex_load(y), complex_load(y + step), complex_load(y + 2 * step),
              complex_load(y + 3 * step), y, step);
    for (size_t k = 1; k < m; k++) {
        size_t f = 2 * k * factor_step;
        float *at = y + k * wide;
        butterfly(complex_load(at), complex_times(complex_load(at + step), factor + f),
                  complex_times(complex_load(at + 2 * step), factor + 2 * f),
                  complex_times(complex_load(at + 3 * step), factor + 3 * f), at, step);
    }
}

/* The bins of the complex signal, bin[half], become the powers of those of the real one. */
static inline void separate(const float *factor, size_t half, bool magnitude, const float *bin,
                     float *power)
{
    const size_t wide = 2 * LANES;
    const vec half_of = vec_splat(.5f), zero = vec_splat(0.0f);
    struct complex_vec first = complex_load(bin);
    power_store(power, first.re + first.im, zero, magnitude);
    power_store(power + half * LANES, first.re - first.im, zero, magnitude);
    for (size_t k = 1; k <= half / 2; k++) {
        struct complex_vec a = complex_load(bin + k * wide);
        struct complex_vec b = complex_load(bin + (half - k) * wide);
        struct complex_vec sum = {a.re + b.re, a.im - b.im};
        struct complex_vec t = {a.re - b.re, a.im + b.im};
        t = complex_times(t, factor + 2 * (k - 1));
        power_store(power + k * LANES, (sum.re + t.re) * half_of, (sum.im + t.im) * half_of,
                    magnitude);
        power_store(power + (half - k) * LANES, (sum.re - t.re) * half_of,
                    (t.im - sum.im) * half_of, magnitude);
    }
}

static bool is_radix4(size_t n)
{
    return n >= 4 && (n & (n - 1)) == 0;
}

static size_t radix4_plan_size(size_t n)
{
    return n / 2 * 3 * sizeof(float);
}

static void radix4_power(const float *factor, size_t n, const float *x, bool magnitude,
                         float *scratch, float *power)
{
    transform(factor, 1, x, 1, n / 2, scratch);
    if (magnitude)
        separate(factor + n, n / 2, true, scratch, power);
    else
        separate(factor + n, n / 2, false, scratch, power);
}

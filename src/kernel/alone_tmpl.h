/* SPDX-License-Identifier: MIT */
/* One frame alone, as in a live stream: four lanes are four neighbours in time or in frequency.
   Every number comes from the same operations in the same order as in a group of frames.

   The window: only the sum of the samples, for the DC, goes one by one.

   The FFT: its first division makes four signals of every fourth sample, which are transformed as
   four lanes (radix4_tmpl.h). The last step puts them together for four bins k at a time, and so
   does the separation of the real signal's bins. */
#if LANES == 4

static void kernel_frame_alone(const struct frame_spec *spec, const float *frame, float *x,
                               float *energy_raw, float *energy_windowed)
{
    size_t n = spec->n_window, s = 0;
    float sum = 0.0f, raw = 0.0f, windowed = 0.0f;
    for (; s < n; s++) {
        x[s] = frame[s] * spec->scale;
        sum = sum + x[s];
    }
    float mean = spec->remove_dc ? sum / (float)n : 0.0f, last = x[0] - mean;
    for (s = 0; energy_raw && s < n; s++) raw = raw + (x[s] - mean) * (x[s] - mean);
    vec means = vec_splat(mean), preemphasis = vec_splat(spec->preemphasis), v;
    for (s = 0; s + 4 <= n; s += 4, last = v[3]) {
        v = vec_load(x + s) - means;
        vec previous = {last, v[0], v[1], v[2]};
        vec_store(x + s, (v - preemphasis * previous) * vec_load(spec->window + s));
    }
    for (; s < n; s++) {
        float y = x[s] - mean;
        x[s] = (y - spec->preemphasis * last) * spec->window[s];
        last = y;
    }
    for (s = 0; energy_raw && s < n; s++) windowed = windowed + x[s] * x[s];
    memset(x + n, 0, (spec->n_fft - n) * sizeof *x);
    if (!energy_raw) return;
    *energy_raw = raw;
    *energy_windowed = windowed;
}

#ifdef __clang__
#define PICK(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define PICK(a, b, i, j, k, l) __builtin_shuffle(a, b, (ivec){i, j, k, l})
#endif

/* Four complex numbers from memory, and four floats in their reverse order. */
static inline struct complex_vec complex_of(const float *p)
{
    vec low = vec_load(p), high = vec_load(p + 4);
    return (struct complex_vec){PICK(low, high, 0, 2, 4, 6), PICK(low, high, 1, 3, 5, 7)};
}

static inline vec reversed(const float *p)
{
    vec v = vec_load(p);
    return PICK(v, v, 3, 2, 1, 0);
}

/* Every step-th factor, four of them. */
static inline struct complex_vec factors_of(const float *f, size_t step)
{
    return (struct complex_vec){{f[0], f[2 * step], f[4 * step], f[6 * step]},
                                {f[1], f[2 * step + 1], f[4 * step + 1], f[6 * step + 1]}};
}

struct four_vec {
    vec v[4];
};

/* Bins k to k+3 of one part of the four signals, which lie in lanes. */
static inline struct four_vec transposed(const float *y)
{
    vec a = vec_load(y), b = vec_load(y + 8), c = vec_load(y + 16), d = vec_load(y + 24);
    vec ab = PICK(a, b, 0, 4, 1, 5), cd = PICK(c, d, 0, 4, 1, 5);
    vec AB = PICK(a, b, 2, 6, 3, 7), CD = PICK(c, d, 2, 6, 3, 7);
    return (struct four_vec){{PICK(ab, cd, 0, 1, 4, 5), PICK(ab, cd, 2, 3, 6, 7),
                              PICK(AB, CD, 0, 1, 4, 5), PICK(AB, CD, 2, 3, 6, 7)}};
}

/* The four signals y[m][re, im][signal] become re[4 * m] and im[4 * m]. */
static void join(const float *factor, const float *y, size_t m, float *re, float *im)
{
    for (size_t k = 0; k < m; k += 4, y += 32) {
        struct four_vec r = transposed(y), i = transposed(y + 4);
        struct complex_vec x0 = {r.v[0], i.v[0]}, x1 = {r.v[1], i.v[1]};
        struct complex_vec x2 = {r.v[2], i.v[2]}, x3 = {r.v[3], i.v[3]};
        x1 = product(x1, factors_of(factor + 2 * k, 1));
        x2 = product(x2, factors_of(factor + 4 * k, 2));
        x3 = product(x3, factors_of(factor + 6 * k, 3));
        struct complex_4 bins = bins_of_4(x0, x1, x2, x3);
        vec_store(re + k, bins.y0.re);
        vec_store(im + k, bins.y0.im);
        vec_store(re + m + k, bins.y1.re);
        vec_store(im + m + k, bins.y1.im);
        vec_store(re + 2 * m + k, bins.y2.re);
        vec_store(im + 2 * m + k, bins.y2.im);
        vec_store(re + 3 * m + k, bins.y3.re);
        vec_store(im + 3 * m + k, bins.y3.im);
    }
}

/* As separate() of radix4_tmpl.h. Bin half/2 is written twice, by its second value last. */
static void separate_alone(const float *factor, size_t half, bool magnitude, const float *re,
                           const float *im, float *power)
{
    const vec half_of = vec_splat(.5f), zero = vec_splat(0.0f);
    float dc = re[0] + im[0], nyquist = re[0] - im[0];
    for (size_t k = 1; k <= half / 2; k += 4) {
        struct complex_vec a = {vec_load(re + k), vec_load(im + k)};
        struct complex_vec b = {reversed(re + half - k - 3), reversed(im + half - k - 3)};
        struct complex_vec sum = {a.re + b.re, a.im - b.im};
        struct complex_vec t = {a.re - b.re, a.im + b.im};
        t = product(t, complex_of(factor + 2 * (k - 1)));
        vec low = power_of((sum.re + t.re) * half_of, (sum.im + t.im) * half_of, magnitude);
        vec high = power_of((sum.re - t.re) * half_of, (t.im - sum.im) * half_of, magnitude);
        vec_store(power + k, low);
        vec_store(power + half - k - 3, PICK(high, high, 3, 2, 1, 0));
    }
    power[0] = power_of(vec_splat(dc), zero, magnitude)[0];
    power[half] = power_of(vec_splat(nyquist), zero, magnitude)[0];
}

/* The plan is that of the scalar table. */
static void kernel_power_alone(void *plan, const float *x, bool magnitude, float *scratch,
                               float *power)
{
    size_t n = plan_length(plan), half = n / 2, m = half / 4;
    if (!is_radix4(n) || n < 32) {
        voq_kernel_scalar.power(plan, x, magnitude, scratch, power);
        return;
    }
    const float *factor = plan_tables(plan);
    float *signals = scratch, *bins = scratch + n, *re = scratch, *im = scratch + half;
    for (size_t i = 0; i < m; i++) {
        struct complex_vec z = complex_of(x + 8 * i);
        complex_store(signals + 8 * i, z.re, z.im);
    }
    transform(factor, 4, signals, 1, m, bins);
    join(factor, bins, m, re, im);
    separate_alone(factor + n, half, magnitude, re, im, power);
}

#endif

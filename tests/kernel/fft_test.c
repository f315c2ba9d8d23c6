/* SPDX-License-Identifier: MIT */
/* If this fails, the spectrum is wrong for some FFT size, or depends on the computer. */
#include "tests/kernel/variants.h"

#include <stdlib.h>

enum { MAX_DFT = 640, LANE_ALIGN = 32 };

static bool is_offered(size_t n)
{
    if (n % 2) return false;
    while (n % 2 == 0) n /= 2;
    while (n % 3 == 0) n /= 3;
    while (n % 5 == 0) n /= 5;
    return n == 1;
}

/* The powers of x[n][lane], [n/2+1][lane], or the magnitudes. All memory lies against guard
   pages. */
static void transform(const struct kernel *k, const float *x, size_t n, bool magnitude,
                      float *power)
{
    size_t n_plan = k->fft_plan_size(n), n_in = n * k->lanes * 4, n_bin = (n / 2 + 1) * k->lanes;
    struct guarded p = guard_new(n_plan), in = guard_new(n_in), s = guard_new(8 * n_bin);
    struct guarded out = guard_new(4 * n_bin);
    void *plan = guard_place(&p, n_plan, LANE_ALIGN, 1);
    float *input = guard_place(&in, n_in, LANE_ALIGN, 1);
    float *scratch = guard_place(&s, 8 * n_bin, LANE_ALIGN, 1);
    float *output = guard_place(&out, 4 * n_bin, LANE_ALIGN, 1);
    memcpy(input, x, n_in);
    k->fft_plan_place(plan, n_plan, n);
    k->power(plan, input, magnitude, scratch, output);
    memcpy(power, output, 4 * n_bin);
    if (n > 2) { /* and in the place of the samples */
        k->power(plan, input, magnitude, scratch, input);
        CHECK(memcmp(power, input, 4 * n_bin) == 0);
    }
    guard_free(&p);
    guard_free(&in);
    guard_free(&s);
    guard_free(&out);
}

/* The same by the kernel for one frame, power[n/2+1]. */
static void transform_alone(const struct kernel *k, const float *x, size_t n, bool magnitude,
                            float *power)
{
    size_t n_plan = voq_kernel_scalar.fft_plan_size(n), n_bin = n / 2 + 1;
    struct guarded p = guard_new(n_plan), in = guard_new(4 * n), s = guard_new(8 * n);
    struct guarded out = guard_new(4 * n_bin);
    void *plan = guard_place(&p, n_plan, LANE_ALIGN, 1);
    float *input = guard_place(&in, 4 * n, LANE_ALIGN, 1);
    float *scratch = guard_place(&s, 8 * n, LANE_ALIGN, 1);
    float *output = guard_place(&out, 4 * n_bin, 4, 1);
    memcpy(input, x, 4 * n);
    voq_kernel_scalar.fft_plan_place(plan, n_plan, n);
    k->alone->power_alone(plan, input, magnitude, scratch, output);
    memcpy(power, output, 4 * n_bin);
    guard_free(&p);
    guard_free(&in);
    guard_free(&s);
    guard_free(&out);
}

/* A factor of 1 is multiplied by some and not by others, which may leave infinity for NaN. */
static bool same_power(float a, float b)
{
    return memcmp(&a, &b, sizeof a) == 0 || !(isfinite(a) || isfinite(b));
}

static double magnitude_of_bin(const float *x, size_t n, size_t bin)
{
    double re = 0.0, im = 0.0;
    for (size_t i = 0; i < n; i++) {
        double angle = -2.0 * 3.14159265358979323846 * (double)(i * bin % n) / (double)n;
        re += (double)x[i] * cos(angle);
        im += (double)x[i] * sin(angle);
    }
    return hypot(re, im);
}

static void scalar_is_a_dft_for_every_size(void)
{
    static float x[MAX_DFT], magnitude[MAX_DFT / 2 + 1], power[MAX_DFT / 2 + 1];
    double worst = 0.0;
    for (size_t n = 2; n <= MAX_DFT; n += 2) {
        if (!is_offered(n)) continue;
        uint64_t seed = n;
        for (size_t i = 0; i < n; i++) x[i] = random_float(&seed);
        transform(&voq_kernel_scalar, x, n, false, power);
        transform(&voq_kernel_scalar, x, n, true, magnitude);
        for (size_t bin = 0; bin <= n / 2; bin++) {
            double error = fabs(magnitude_of_bin(x, n, bin) - (double)magnitude[bin]);
            worst = fmax(worst, error / sqrt((double)n));
            CHECK(magnitude[bin] == sqrtf(power[bin]));
            if (!(error < 2e-6 * sqrt((double)n))) {
                printf("# n = %zu, bin %zu: off by %g\n", n, bin, error);
                CHECK(false);
            }
        }
    }
    printf("# largest error %.2g of the signal's norm\n", worst);
}

static bool race_size(const struct kernel *k, size_t n, enum fill fill)
{
    size_t lanes = k->lanes, n_bin = n / 2 + 1;
    float *x = malloc(n * lanes * 4), *power = malloc(n_bin * lanes * 4);
    float *one = malloc(n * 4), *scalar = malloc(n_bin * 4), *got = malloc(n_bin * 4);
    uint64_t seed = n + (uint64_t)fill;
    bool same = true, magnitude = (n / 2 + (size_t)fill) % 2;
    fill_array(fill, &seed, x, n * lanes);
    transform(k, x, n, magnitude, power);
    for (size_t lane = 0; lane < lanes; lane++) {
        lane_of(x, n, lanes, lane, one);
        transform(&voq_kernel_scalar, one, n, magnitude, scalar);
        lane_of(power, n_bin, lanes, lane, got);
        same = same && same_floats("power", k, got, scalar, n_bin);
        if (lanes > 1) transform_alone(k, one, n, magnitude, got);
        for (size_t i = 0; i < n_bin; i++) same = same && same_power(got[i], scalar[i]);
    }
    if (!same) printf("# n = %zu\n", n);
    free(x);
    free(power);
    free(one);
    free(scalar);
    free(got);
    return same;
}

static bool race_all_sizes(const struct kernel *k)
{
    for (size_t n = 2; n <= 16384; n += 2) {
        if (!is_offered(n)) continue;
        int n_fill = n <= 600 ? N_FILL : 1;
        for (int fill = 0; fill < n_fill; fill++)
            if (!race_size(k, n, (enum fill)fill)) return false;
    }
    return true;
}

static void every_size_has_the_scalar_bits(void)
{
    each_variant(race_all_sizes);
}

/* KissFFT itself, as the scalar table has it for the other sizes. */
void *voq_kiss_fftr_alloc_scalar(int n, int inverse, void *memory, size_t *size);
void voq_kiss_fftr_scalar(void *plan, const float *x, float *spectrum);

static float power_of(const float *bin)
{
    return bin[0] * bin[0] + bin[1] * bin[1];
}

static bool is_kissfft(size_t n, enum fill fill)
{
    float *x = malloc(n * 4), *ours = malloc((n / 2 + 1) * 4), *theirs = malloc((n + 2) * 4);
    size_t n_plan = 0, n_differ = 0;
    voq_kiss_fftr_alloc_scalar((int)n, 0, NULL, &n_plan);
    void *plan = malloc(n_plan);
    uint64_t seed = n * 29 + (uint64_t)fill;
    fill_array(fill, &seed, x, n);
    voq_kiss_fftr_alloc_scalar((int)n, 0, plan, &n_plan);
    voq_kiss_fftr_scalar(plan, x, theirs);
    transform(&voq_kernel_scalar, x, n, false, ours);
    for (size_t i = 0; i <= n / 2; i++) n_differ += !same_power(ours[i], power_of(theirs + 2 * i));
    if (n_differ) printf("# n = %zu, fill %d: %zu powers differ\n", n, (int)fill, n_differ);
    free(x);
    free(ours);
    free(theirs);
    free(plan);
    return n_differ == 0;
}

static void powers_of_two_have_the_power_of_kissfft(void)
{
    for (size_t n = 4; n <= 16384; n *= 2)
        for (int fill = 0; fill < N_FILL; fill++) CHECK(is_kissfft(n, (enum fill)fill));
}

int main(void)
{
    RUN(scalar_is_a_dft_for_every_size);
    RUN(every_size_has_the_scalar_bits);
    RUN(powers_of_two_have_the_power_of_kissfft);
    return check_done();
}

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

/* x[n] through a table with one signal in every lane, or different ones; spectrum[n/2+1][2][lane].
   All memory lies against guard pages. */
static void transform(const struct kernel *k, const float *x, size_t n, float *spectrum)
{
    size_t n_plan = k->fft_plan_size(n), n_in = n * k->lanes * 4, n_out = (n + 2) * k->lanes * 4;
    struct guarded p = guard_new(n_plan), in = guard_new(n_in), out = guard_new(n_out);
    void *plan = guard_place(&p, n_plan, LANE_ALIGN, 1);
    float *input = guard_place(&in, n_in, LANE_ALIGN, 1);
    float *output = guard_place(&out, n_out, LANE_ALIGN, 1);
    memcpy(input, x, n_in);
    k->fft_plan_place(plan, n_plan, n);
    k->fft(plan, input, output);
    memcpy(spectrum, output, n_out);
    guard_free(&p);
    guard_free(&in);
    guard_free(&out);
}

static void scalar_is_a_dft_for_every_size(void)
{
    static float x[MAX_DFT], spectrum[MAX_DFT + 2];
    double worst = 0.0;
    for (size_t n = 2; n <= MAX_DFT; n += 2) {
        if (!is_offered(n)) continue;
        uint64_t seed = n;
        for (size_t i = 0; i < n; i++) x[i] = random_float(&seed);
        transform(&voq_kernel_scalar, x, n, spectrum);
        for (size_t bin = 0; bin <= n / 2; bin++) {
            double re = 0.0, im = 0.0;
            for (size_t i = 0; i < n; i++) {
                double angle = -2.0 * 3.14159265358979323846 * (double)(i * bin % n) / (double)n;
                re += (double)x[i] * cos(angle);
                im += (double)x[i] * sin(angle);
            }
            double error = fmax(fabs(re - (double)spectrum[2 * bin]),
                                fabs(im - (double)spectrum[2 * bin + 1]));
            worst = fmax(worst, error / sqrt((double)n));
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
    size_t lanes = k->lanes, n_row = n + 2;
    float *x = malloc(n * lanes * 4), *spectrum = malloc(n_row * lanes * 4);
    float *one = malloc(n * 4), *scalar = malloc(n_row * 4), *got = malloc(n_row * 4);
    uint64_t seed = n + (uint64_t)fill;
    fill_array(fill, &seed, x, n * lanes);
    transform(k, x, n, spectrum);
    bool same = true;
    for (size_t lane = 0; lane < lanes; lane++) {
        lane_of(x, n, lanes, lane, one);
        transform(&voq_kernel_scalar, one, n, scalar);
        lane_of(spectrum, n_row, lanes, lane, got);
        same = same && same_floats("fft", k, got, scalar, n_row);
    }
    if (!same) printf("# n = %zu\n", n);
    free(x);
    free(spectrum);
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

/* A factor of 1 is multiplied there and not here, which may change the sign of a zero, and infinity
   to NaN. */
static bool same_power(float a, float b)
{
    return a == b || !(isfinite(a) || isfinite(b));
}

static bool is_kissfft(size_t n, enum fill fill)
{
    float *x = malloc(n * 4), *ours = malloc((n + 2) * 4), *theirs = malloc((n + 2) * 4);
    size_t n_plan = 0, n_differ = 0;
    voq_kiss_fftr_alloc_scalar((int)n, 0, NULL, &n_plan);
    void *plan = malloc(n_plan);
    uint64_t seed = n * 29 + (uint64_t)fill;
    fill_array(fill, &seed, x, n);
    voq_kiss_fftr_alloc_scalar((int)n, 0, plan, &n_plan);
    voq_kiss_fftr_scalar(plan, x, theirs);
    transform(&voq_kernel_scalar, x, n, ours);
    for (size_t i = 0; i < n + 2; i += 2)
        n_differ += !same_power(power_of(ours + i), power_of(theirs + i));
    if (n_differ) printf("# n = %zu, fill %d: %zu powers differ\n", n, (int)fill, n_differ);
    free(x);
    free(ours);
    free(theirs);
    free(plan);
    return n_differ == 0;
}

static void powers_of_two_have_the_power_of_kissfft(void)
{
    for (size_t n = 2; n <= 16384; n *= 2)
        for (int fill = 0; fill < N_FILL; fill++) CHECK(is_kissfft(n, (enum fill)fill));
}

int main(void)
{
    RUN(scalar_is_a_dft_for_every_size);
    RUN(every_size_has_the_scalar_bits);
    RUN(powers_of_two_have_the_power_of_kissfft);
    return check_done();
}

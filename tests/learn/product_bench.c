/* SPDX-License-Identifier: MIT */
/* Prints billions of multiply-adds per second of the products in the training of an encoder, in one
   thread, by processor time: the best of several runs, beside three plain loops. */
#include "tests/support/random.h"
#include "tools/learn/product.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_RUN = 5 };

static float *random_matrix(size_t n)
{
    uint64_t seed = 1;
    float *x = malloc(n * sizeof *x);
    if (!x) abort();
    for (size_t i = 0; i < n; i++) x[i] = random_float(&seed);
    return x;
}

/* Of this process, so that others do not count. */
static double processor_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void plain_loops(size_t m, size_t n, size_t k, const float *a, const float *b, float *c)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            float sum = 0;
            for (size_t at = 0; at < k; at++) sum += a[i * k + at] * b[at * n + j];
            c[i * n + j] = sum;
        }
}

static void print_speed(struct workers *workers, const char *what, enum product_form form, size_t m,
                        size_t n, size_t k)
{
    float *a = random_matrix(m * k), *b = random_matrix(n * k), *c = random_matrix(m * n);
    size_t lda = form == PRODUCT_ATB ? m : k, ldb = form == PRODUCT_ABT ? k : n;
    double best = 1e9;
    for (int run = 0; run < N_RUN; run++) {
        double start = processor_s();
        product(workers, form, m, n, k, a, lda, b, ldb, c, n, false);
        double seconds = processor_s() - start;
        if (seconds < best) best = seconds;
    }
    double start = processor_s();
    if (m <= 1000) plain_loops(m, n, k, a, b, c);
    double plain = processor_s() - start, size = (double)m * (double)n * (double)k * 1e-9;
    printf("%-9s %-30s %4zu x %3zu x %4zu: %5.1f", workers_lanes(workers)->name, what, m, n, k,
           size / best);
    if (m <= 1000) printf("; plain loops %.2f", size / plain);
    printf("\n");
    free(a);
    free(b);
    free(c);
}

static void print_speeds(struct workers *workers)
{
    print_speed(workers, "forward of a conv's tap", PRODUCT_ABT, 8100, 256, 256);
    print_speed(workers, "forward of a GRU's input", PRODUCT_ABT, 8100, 576, 256);
    print_speed(workers, "gradient of the input", PRODUCT_AB, 8100, 256, 576);
    print_speed(workers, "gradient of weights", PRODUCT_ATB, 256, 256, 8100);
    print_speed(workers, "gradient of a GRU's weights", PRODUCT_ATB, 576, 192, 8100);
}

int main(void)
{
    struct failure failure;
    struct workers *workers;
    if (!workers_new(&workers, 1, &failure)) return 1;
    printf("GMAC/s\n");
    print_speeds(workers);
    workers_use_lanes(workers, lane_table_baseline());
    print_speeds(workers);
    workers_free(workers);
    return 0;
}

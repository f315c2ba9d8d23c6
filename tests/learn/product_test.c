/* SPDX-License-Identifier: MIT */
/* If this fails, a training gives another model on another machine or number of threads. */
#include "tests/support/check.h"
#include "tests/support/random.h"
#include "tools/learn/product.h"

#include <stdlib.h>

enum { MOST = 900 };

static float *random_floats(uint64_t *seed, size_t n)
{
    float *x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = ((float)random_below(seed, 1 << 20) - (float)(1 << 19)) * 0x1p-18f;
    return x;
}

static float element(enum product_form form, size_t i, size_t j, size_t k, const float *a,
                     size_t lda, const float *b, size_t ldb, float start)
{
    float sum = start;
    for (size_t at = 0; at < k; at++)
        sum += (form == PRODUCT_ATB ? a[at * lda + i] : a[i * lda + at]) *
               (form == PRODUCT_ABT ? b[j * ldb + at] : b[at * ldb + j]);
    return sum;
}

static void by_three_loops(enum product_form form, size_t m, size_t n, size_t k, const float *a,
                           size_t lda, const float *b, size_t ldb, float *c, size_t ldc, bool add)
{
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            c[i * ldc + j] =
                element(form, i, j, k, a, lda, b, ldb, add ? c[i * ldc + j] : 0.0f);
}

/* Compares all of c, so that nothing beside the m x n elements is written either. */
static bool same_bits(struct workers *workers, enum product_form form, size_t m, size_t n, size_t k,
                      bool add)
{
    uint64_t seed = m * 1000003 + n * 1009 + k;
    size_t lda = (form == PRODUCT_ATB ? m : k) + 3, ldb = (form == PRODUCT_ABT ? k : n) + 1;
    size_t ldc = n + 2;
    float *a = random_floats(&seed, (form == PRODUCT_ATB ? k : m) * lda + 1);
    float *b = random_floats(&seed, (form == PRODUCT_ABT ? n : k) * ldb + 1);
    float *c = random_floats(&seed, m * ldc), *expected = malloc(m * ldc * sizeof *c);
    memcpy(expected, c, m * ldc * sizeof *c);
    by_three_loops(form, m, n, k, a, lda, b, ldb, expected, ldc, add);
    product(workers, form, m, n, k, a, lda, b, ldb, c, ldc, add);
    bool same = memcmp(c, expected, m * ldc * sizeof *c) == 0;
    if (!same) printf("# form %d, %zu x %zu x %zu, add %d\n", form, m, n, k, add);
    free(a);
    free(b);
    free(c);
    free(expected);
    return same;
}

static const size_t shapes[][3] = {{1, 1, 1},    {6, 16, 5},    {7, 17, 1},   {5, 15, 401},
                                   {18, 576, 192}, {73, 257, 40}, {6, 8, 0},    {41, 3, 900},
                                   {150, 33, 799}, {2, 300, 64},  {97, 40, 257}};

static bool all_shapes(struct workers *workers)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int form = PRODUCT_AB; form <= PRODUCT_ATB; form++)
            for (int add = 0; add < 2; add++)
                if (!same_bits(workers, (enum product_form)form, shapes[i][0], shapes[i][1],
                               shapes[i][2], add))
                    return false;
    return true;
}

static struct workers *some_workers(size_t n_thread)
{
    struct workers *workers;
    struct failure failure;
    if (!workers_new(&workers, n_thread, &failure)) abort();
    return workers;
}

static void products_have_the_bits_of_three_loops(void)
{
    struct workers *workers = some_workers(1);
    CHECK(all_shapes(workers));
    workers_free(workers);
}

static void products_have_the_same_bits_without_avx2(void)
{
    struct workers *workers = some_workers(2);
    workers_use_lanes(workers, lane_table_baseline());
    CHECK(all_shapes(workers));
    workers_free(workers);
}

static void products_have_the_same_bits_on_three_threads(void)
{
    struct workers *workers = some_workers(3);
    CHECK(all_shapes(workers));
    workers_free(workers);
}

static void a_packed_matrix_gives_the_same_bits(void)
{
    enum { M = 9, N = 50, K = 70 };
    struct workers *workers = some_workers(1);
    uint64_t seed = 1;
    float *a = random_floats(&seed, M * K), *b = random_floats(&seed, N * K);
    float c[M * N], expected[M * N], *packed = malloc(packed_size(N, K) * sizeof *packed);
    packed_fill(workers_lanes(workers), PRODUCT_ABT, N, K, b, K, packed);
    product_packed(workers_lanes(workers), M, N, K, a, K, packed, c, N, false);
    by_three_loops(PRODUCT_ABT, M, N, K, a, K, b, K, expected, N, false);
    CHECK_BITS(c, expected, M * N);
    free(a);
    free(b);
    free(packed);
    workers_free(workers);
}

int main(void)
{
    RUN(products_have_the_bits_of_three_loops);
    RUN(products_have_the_same_bits_without_avx2);
    RUN(products_have_the_same_bits_on_three_threads);
    RUN(a_packed_matrix_gives_the_same_bits);
    return check_done();
}

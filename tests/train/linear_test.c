/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/train/linear.h"
#include "tools/base/rng.h"
#include "tools/train/scatter.h"

#include <math.h>
#include <stdlib.h>

enum { N = 60 };

static double a[N * N], copy[N * N], b[N * N], b_copy[N * N], value[N], vector[N * N];

/* Symmetric and, with `definite`, positive definite. */
static void random_symmetric(double *m, bool definite, uint32_t part)
{
    struct rng rng;
    rng_start(&rng, 7, RNG_KEEP, part);
    for (int i = 0; i < N; i++)
        for (int k = 0; k <= i; k++) m[i * N + k] = m[k * N + i] = rng_unit(&rng) - 0.5;
    for (int i = 0; definite && i < N; i++) m[i * N + i] += N;
}

static double product(const double *m, const double *x, const double *y)
{
    double sum = 0;
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) sum += x[i] * m[i * N + k] * y[k];
    return sum;
}

static void eigenvectors_take_a_matrix_apart(void)
{
    random_symmetric(a, false, 1);
    memcpy(copy, a, sizeof a);
    eigen_symmetric(a, N, value, vector);
    for (int i = 0; i < N; i++) {
        if (i > 0) CHECK(value[i] <= value[i - 1]);
        for (int k = 0; k < N; k++) {
            double dot = 0;
            for (int d = 0; d < N; d++) dot += vector[i * N + d] * vector[k * N + d];
            CHECK(fabs(dot - (i == k)) < 1e-12);
            double expected = i == k ? value[i] : 0;
            CHECK(fabs(product(copy, vector + i * N, vector + k * N) - expected) < 1e-11);
        }
    }
}

static void generalised_eigenvectors_take_two_apart(void)
{
    random_symmetric(a, false, 2);
    random_symmetric(b, true, 3);
    memcpy(copy, a, sizeof a);
    memcpy(b_copy, b, sizeof b);
    CHECK(eigen_generalised(a, b, N, value, vector));
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) {
            const double *x = vector + i * N, *y = vector + k * N;
            CHECK(fabs(product(b_copy, x, y) - (i == k)) < 1e-12);
            CHECK(fabs(product(copy, x, y) - (i == k ? value[i] : 0)) < 1e-12);
        }
}

static void what_is_not_positive_definite_is_refused(void)
{
    random_symmetric(a, false, 4);
    random_symmetric(b, false, 5);
    CHECK(!eigen_generalised(a, b, N, value, vector));
}

static void signs_do_not_depend_on_the_way_there(void)
{
    double small[4] = {2, -1, -1, 2}, v[4], w[2];
    eigen_symmetric(small, 2, w, v);
    CHECK(fabs(w[0] - 3) < 1e-15 && fabs(w[1] - 1) < 1e-15);
    CHECK(v[0] * v[1] < 0 && v[2] > 0 && v[3] > 0);
}

/* Two long, flat classes side by side: principal components see the length, discriminants the
   distance between the classes. */
static void discriminants_part_classes_and_components_do_not(void)
{
    struct scatter scatter;
    struct failure failure;
    struct rng rng;
    float lda[2], pca[2], bias;
    CHECK(scatter_new(&scatter, 2, 2, (float[]){100, 4}, &failure));
    rng_start(&rng, 1, RNG_KEEP, 0);
    for (uint32_t i = 0; i < 10000; i++) {
        uint32_t class = i % 2;
        float x[2] = {(float)(rng_unit(&rng) * 100), (float)(rng_unit(&rng) + 3 * class)};
        scatter_add(&scatter, x, &class, 1);
    }
    CHECK(scatter_lda(&scatter, 1, lda, &bias, &failure));
    CHECK(fabsf(lda[1]) > 100 * fabsf(lda[0]));
    /* uniform over 1: spread within a class sqrt(1/12), scaled to 1; mean 2 goes to 0 */
    CHECK(fabsf(lda[1] - sqrtf(12)) < 0.1f && fabsf(bias + 2 * sqrtf(12)) < 0.3f);
    CHECK(scatter_pca(&scatter, 1, false, pca, &bias, &failure));
    CHECK(fabsf(pca[0]) > 0.999f && fabsf(bias + 50) < 2);
    CHECK(scatter_pca(&scatter, 1, true, pca, &bias, &failure));
    CHECK(fabsf(pca[0] - sqrtf(12) / 100) < 1e-3f);
    scatter_free(&scatter);
}

static void frames_without_a_class_are_left_out(void)
{
    struct scatter scatter;
    struct failure failure;
    static const uint32_t id[] = {0, UINT32_MAX, 1};
    static const float x[] = {1, 1000, 3};
    CHECK(scatter_new(&scatter, 1, 2, (float[]){3}, &failure));
    scatter_add(&scatter, x, id, 3);
    CHECK_EQ(scatter.n, 2);
    CHECK(scatter.count[0] == 1 && scatter.count[1] == 1);
    CHECK(exact_value(scatter.sum[0], scatter.scale[0]) == 1);
    CHECK(exact_value(scatter.sum[1], scatter.scale[0]) == 3);
    scatter_free(&scatter);
}

static void flat_vectors_are_refused(void)
{
    struct scatter scatter;
    struct failure failure;
    float matrix[2 * 2], bias[2];
    CHECK(scatter_new(&scatter, 2, 1, (float[]){99, 198}, &failure));
    for (int i = 0; i < 100; i++) {
        float x[2] = {(float)i, 2 * (float)i};
        scatter_add(&scatter, x, NULL, 1);
    }
    CHECK(!scatter_pca(&scatter, 2, true, matrix, bias, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK(strstr(failure.text, "vary in fewer than 2 directions"));
    scatter_free(&scatter);
}

int main(void)
{
    RUN(eigenvectors_take_a_matrix_apart);
    RUN(generalised_eigenvectors_take_two_apart);
    RUN(what_is_not_positive_definite_is_refused);
    RUN(signs_do_not_depend_on_the_way_there);
    RUN(discriminants_part_classes_and_components_do_not);
    RUN(frames_without_a_class_are_left_out);
    RUN(flat_vectors_are_refused);
    return check_done();
}

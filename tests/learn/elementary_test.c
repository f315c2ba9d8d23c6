/* SPDX-License-Identifier: MIT */
/* If this fails, gates, losses or schedules are wrong, or depend on the C library. */
#include "tests/support/check.h"
#include "tests/support/random.h"
#include "tools/learn/elementary.h"
#include "tools/learn/lane_table.h"

#include <float.h>
#include <math.h>

/* The distance from the right value in units of its last place as a float. */
static double error_ulp(float got, long double right)
{
    int exponent;
    frexpl(right, &exponent);
    if (exponent < -125) exponent = -125;
    return (double)(fabsl((long double)got - right) / ldexpl(1.0L, exponent - 24));
}

typedef float function(float x);
typedef long double right_function(long double x);

static float tanh_of_one(float x)
{
    lane_table_baseline()->tanh(&x, 1);
    return x;
}

static float logistic_of_one(float x)
{
    lane_table_baseline()->logistic(&x, 1);
    return x;
}

static long double right_logistic(long double x)
{
    return 1.0L / (1.0L + expl(-x));
}

/* The largest error over 400,000 arguments within -range..range, half of them near 0. */
static double worst_error(function *f, right_function *right, float range)
{
    uint64_t seed = 7;
    double worst = 0;
    float worst_at = 0;
    for (int i = 0; i < 400000; i++) {
        float x = ((float)random_below(&seed, 1 << 24) * 0x1p-23f - 1.0f) * range;
        if (i & 1) x = ldexpf(x, -(int)random_below(&seed, 30));
        double error = error_ulp(f(x), right(x));
        if (error <= worst) continue;
        worst = error;
        worst_at = x;
    }
    printf("# largest error %.3f ulp at %a\n", worst, (double)worst_at);
    return worst;
}

static void exp_is_within_1_1_ulp(void)
{
    CHECK(worst_error(exact_exp, expl, 87.0f) < 1.1);
    CHECK(worst_error(exact_exp, expl, 3.0f) < 1.1);
}

static void exp_ends_at_zero_and_infinity(void)
{
    CHECK(exact_exp(0.0f) == 1.0f);
    CHECK(exact_exp(-200.0f) == 0.0f && exact_exp(-INFINITY) == 0.0f);
    CHECK(exact_exp(100.0f) == INFINITY && exact_exp(INFINITY) == INFINITY);
    CHECK(isnan(exact_exp(NAN)));
    for (float x = -103.9f; x < -87.0f; x += 0.01f) CHECK(error_ulp(exact_exp(x), expl(x)) <= 1.0);
}

static void logistic_is_within_2_5_ulp(void)
{
    CHECK(worst_error(logistic_of_one, right_logistic, 80.0f) < 2.5);
    CHECK(worst_error(logistic_of_one, right_logistic, 4.0f) < 2.5);
    CHECK(logistic_of_one(0.0f) == 0.5f);
    CHECK(logistic_of_one(-500.0f) == 0.0f && logistic_of_one(500.0f) == 1.0f);
    CHECK(isnan(logistic_of_one(NAN)));
}

static void tanh_is_within_1_5_ulp(void)
{
    CHECK(worst_error(tanh_of_one, tanhl, 10.0f) < 1.5);
    CHECK(worst_error(tanh_of_one, tanhl, 1.0f) < 1.5);
    CHECK(tanh_of_one(0.0f) == 0.0f && tanh_of_one(50.0f) == 1.0f && tanh_of_one(-500.0f) == -1.0f);
    CHECK(isnan(tanh_of_one(NAN)));
}

static void log_is_within_one_ulp(void)
{
    uint64_t seed = 3;
    double worst = 0;
    for (int i = 0; i < 400000; i++) {
        float x = ldexpf(1.0f + (float)random_below(&seed, 1 << 23) * 0x1p-23f,
                         (int)random_below(&seed, 254) - 126);
        worst = fmax(worst, error_ulp(exact_log(x), logl(x)));
    }
    printf("# largest error %.3f ulp\n", worst);
    CHECK(worst < 1.0);
}

static void cosine_and_sine_are_within_a_1e15th(void)
{
    uint64_t seed = 5;
    double worst = 0;
    for (int i = 0; i < 400000; i++) {
        double x = ((double)random_below(&seed, 1u << 31) * 0x1p-30 - 1.0);
        x = ldexp(x, 20 - (int)random_below(&seed, 40));
        worst = fmax(worst, (double)fabsl((long double)exact_cos(x) - cosl(x)));
        worst = fmax(worst, (double)fabsl((long double)exact_sin(x) - sinl(x)));
    }
    printf("# largest error %.3g\n", worst);
    CHECK(worst < 4e-16);
}

typedef void array_function(float *x, size_t n);

static bool array_agrees(array_function *array, function *f)
{
    uint64_t seed = 11;
    for (size_t n = 0; n < 40; n++) {
        float x[41], y[41];
        for (size_t i = 0; i <= n; i++)
            x[i] = y[i] = (float)random_below(&seed, 1 << 22) * 0x1p-15f - 60.0f;
        if (f == exact_log)
            for (size_t i = 0; i <= n; i++) x[i] = y[i] = fabsf(x[i]) + FLT_MIN;
        array(x, n);
        for (size_t i = 0; i < n; i++) y[i] = f(y[i]);
        if (memcmp(x, y, sizeof *x * (n + 1)) != 0) return false;
    }
    return true;
}

static void arrays_have_the_bits_of_single_values(void)
{
    const struct lane_table *tables[] = {lane_table_best(), lane_table_baseline()};
    for (int i = 0; i < 2; i++) {
        CHECK(array_agrees(tables[i]->exp, exact_exp));
        CHECK(array_agrees(tables[i]->log, exact_log));
        CHECK(array_agrees(tables[i]->tanh, tanh_of_one));
        CHECK(array_agrees(tables[i]->logistic, logistic_of_one));
    }
}

int main(void)
{
    RUN(exp_is_within_1_1_ulp);
    RUN(exp_ends_at_zero_and_infinity);
    RUN(logistic_is_within_2_5_ulp);
    RUN(tanh_is_within_1_5_ulp);
    RUN(log_is_within_one_ulp);
    RUN(cosine_and_sine_are_within_a_1e15th);
    RUN(arrays_have_the_bits_of_single_values);
    return check_done();
}

/* SPDX-License-Identifier: MIT */
/* If this fails, log energies are wrong, or depend on the C library. */
#include "tests/kernel/variants.h"

static float log_by_kernel(float x)
{
    voq_kernel_scalar.log(&x, 1, &(struct log_spec){FLT_MIN, false, 1.0f, -FLT_MAX});
    return x;
}

/* Distance from log(x) in units of the last digit of the right result. */
static double error_ulp(float x)
{
    double right = log((double)x);
    int exponent;
    frexp(right, &exponent);
    double ulp = right == 0.0 ? 0x1p-149 : ldexp(1.0, exponent - 24);
    return fabs((double)log_by_kernel(x) - right) / ulp;
}

static void log_is_within_one_ulp_over_all_exponents(void)
{
    uint64_t seed = 1;
    double worst = 0.0;
    float worst_at = 0.0f;
    for (int exponent = -126; exponent <= 127; exponent++)
        for (int i = 0; i < 4000; i++) {
            float x = ldexpf(1.0f + (float)random_below(&seed, 1 << 23) * 0x1p-23f, exponent);
            double error = error_ulp(x);
            if (error <= worst) continue;
            worst = error;
            worst_at = x;
        }
    printf("# largest error %.3f ulp at %a\n", worst, (double)worst_at);
    CHECK(worst < 1.0);
}

static void log_is_within_one_ulp_around_one(void)
{
    double worst = 0.0;
    float x = 0.70710678f;
    for (; x < 1.4142135f; x = nextafterf(x, 2.0f)) worst = fmax(worst, error_ulp(x));
    printf("# largest error %.3f ulp\n", worst);
    CHECK(worst < 1.0);
}

static void log_of_one_is_zero(void)
{
    CHECK(log_by_kernel(1.0f) == 0.0f);
}

static void log_never_falls_where_its_argument_grows(void)
{
    float last = -FLT_MAX;
    for (float x = 0.70f; x < 0.7144f;
         x = nextafterf(x, 2.0f)) { /* across the change of exponent */
        float y = log_by_kernel(x);
        CHECK(y >= last);
        last = y;
    }
}

static void floors_hold_and_infinity_is_no_number(void)
{
    float x[5] = {0.0f, -1.0f, 1e-30f, INFINITY, NAN}, y[5];
    memcpy(y, x, sizeof y);
    voq_kernel_scalar.log(y, 5, &(struct log_spec){1e-10f, false, 1.0f, -FLT_MAX});
    for (int i = 0; i < 3; i++) CHECK(y[i] == log_by_kernel(1e-10f));
    CHECK(y[3] != y[3] && y[4] != y[4]);
    memcpy(y, x, sizeof y);
    voq_kernel_scalar.log(y, 3, &(struct log_spec){1e-10f, false, 1.0f, -5.0f});
    for (int i = 0; i < 3; i++) CHECK(y[i] == -5.0f);
}

static void an_added_floor_is_added_and_never_replaces(void)
{
    struct log_spec spec = {1e-5f, true, 1.0f, -FLT_MAX};
    float x[5] = {0.0f, 3e-6f, 1e-5f, 2.0f, INFINITY}, y[5];
    memcpy(y, x, sizeof y);
    voq_kernel_scalar.log(y, 5, &spec);
    for (int i = 0; i < 4; i++) CHECK(y[i] == log_by_kernel(x[i] + 1e-5f));
    CHECK(y[4] != y[4]);
}

int main(void)
{
    RUN(log_is_within_one_ulp_over_all_exponents);
    RUN(log_is_within_one_ulp_around_one);
    RUN(log_of_one_is_zero);
    RUN(log_never_falls_where_its_argument_grows);
    RUN(floors_hold_and_infinity_is_no_number);
    RUN(an_added_floor_is_added_and_never_replaces);
    return check_done();
}

/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/base/normal.h"

enum { N = 400000 };

static void moments_are_those_of_the_normal_distribution(void)
{
    struct rng rng;
    double sum[5] = {0};
    rng_start(&rng, 1, RNG_WEIGHTS, 0);
    for (int i = 0; i < N; i++) {
        double x = rng_normal(&rng), power = 1;
        for (int k = 1; k < 5; k++) sum[k] += power *= x;
    }
    CHECK(sum[1] / N > -.008 && sum[1] / N < .008);
    CHECK(sum[2] / N > .99 && sum[2] / N < 1.01);
    CHECK(sum[3] / N > -.02 && sum[3] / N < .02);
    CHECK(sum[4] / N > 2.95 && sum[4] / N < 3.05);
}

/* Shares below 0, 1/4, 1/2, ... 3, from tables of the normal distribution. */
static void the_distribution_has_its_shape(void)
{
    static const double share[] = {.5, .598706, .691462, .773373, .841345, .894350, .933193,
                                   .959941, .977250, .987776, .993790, .997020, .998650};
    enum { N_SHARE = sizeof share / sizeof *share };
    struct rng rng;
    int below[N_SHARE] = {0};
    rng_start(&rng, 2, RNG_WEIGHTS, 0);
    for (int i = 0; i < N; i++) {
        double x = rng_normal(&rng);
        for (int k = 0; k < N_SHARE; k++) below[k] += x < k * .25;
    }
    for (int k = 0; k < N_SHARE; k++) {
        double error = (double)below[k] / N - share[k];
        CHECK(error > -.003 && error < .003);
    }
}

static void a_seed_means_the_same_for_ever(void)
{
    struct rng rng;
    rng_start(&rng, 1, RNG_WEIGHTS, 0);
    CHECK(rng_normal(&rng) == 0x1.c9b5a7f666a0ap-2);
    CHECK(rng_normal(&rng) == -0x1.415e754c3a4b3p+0);
}

int main(void)
{
    RUN(moments_are_those_of_the_normal_distribution);
    RUN(the_distribution_has_its_shape);
    RUN(a_seed_means_the_same_for_ever);
    return check_done();
}

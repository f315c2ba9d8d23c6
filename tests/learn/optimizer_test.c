/* SPDX-License-Identifier: MIT */
/* If this fails, an encoder learns badly or not at all, or differently on another machine. */
#include "tests/learn/near.h"
#include "tests/learn/quantizer_vectors.h"
#include "tests/support/random.h"
#include "tools/learn/adamw.h"
#include "tools/learn/parameters.h"
#include "tools/learn/schedule_rate.h"

#include <stdlib.h>

enum { N = 5, DECAY = 2 /* the first ones */, STEPS = 4 };

static const struct adamw_options options = {.beta1 = .9, .beta2 = .98, .epsilon = 1e-8,
                                             .decay = .01};
static const struct adamw_options no_decay = {.beta1 = .9, .beta2 = .98, .epsilon = 1e-8};
static struct failure failure;

static void adamw_moves_as_pytorch_does(void)
{
    struct adamw adamw, without;
    float p[N];
    memcpy(p, adamw_start, sizeof p);
    CHECK(adamw_new(&adamw, DECAY, &options) && adamw_new(&without, N - DECAY, &no_decay));
    for (size_t step = 0; step < STEPS; step++) {
        const float *gradient = adamw_gradient + step * N;
        adamw_step(&adamw, adamw_rate[step], gradient, 1, p);
        adamw_step(&without, adamw_rate[step], gradient + DECAY, 1, p + DECAY);
        CHECK_ALL_NEAR(p, adamw_after + step * N, N, 2e-7);
    }
    adamw_free(&adamw);
    adamw_free(&without);
}

static void a_clipped_gradient_is_a_shorter_gradient(void)
{
    struct adamw whole, half;
    float p[N] = {0}, q[N] = {0}, doubled[N];
    for (int i = 0; i < N; i++) doubled[i] = 2 * adamw_gradient[i];
    CHECK(adamw_new(&whole, N, &no_decay) && adamw_new(&half, N, &no_decay));
    adamw_step(&whole, .1, adamw_gradient, 1, p);
    adamw_step(&half, .1, doubled, .5, q);
    CHECK_BITS(q, p, N);
    CHECK_BITS(half.moment, whole.moment, 2 * N);
    adamw_free(&whole);
    adamw_free(&half);
}

/* A resumed training has the moments and the products, and no other memory. */
static void an_optimizer_continues_from_its_state(void)
{
    struct adamw whole, second;
    float p[N], q[N];
    memcpy(p, adamw_start, sizeof p);
    CHECK(adamw_new(&whole, N, &options) && adamw_new(&second, N, &options));
    adamw_step(&whole, .1, adamw_gradient, 1, p);
    memcpy(q, p, sizeof q);
    memcpy(second.moment, whole.moment, 2 * N * sizeof *second.moment);
    second.product1 = whole.product1;
    second.product2 = whole.product2;
    adamw_step(&whole, .1, adamw_gradient + N, 1, p);
    adamw_step(&second, .1, adamw_gradient + N, 1, q);
    CHECK_BITS(q, p, N);
    adamw_free(&whole);
    adamw_free(&second);
}

static void the_rate_rises_and_falls_as_half_a_cosine(void)
{
    const struct schedule_rate schedule = {.peak = 2e-3, .last = 1e-5, .n_warm = 15, .n_step = 100};
    CHECK_NEAR(schedule_rate_at(&schedule, 0), 2e-3 / 15, 1e-18);
    CHECK_NEAR(schedule_rate_at(&schedule, 14), 2e-3, 1e-18);
    for (uint64_t step = 15; step < 100; step++) {
        double cosine = cos(acos(-1) * (double)(step - 15) / 85);
        CHECK_NEAR(schedule_rate_at(&schedule, step), 1e-5 + 1.99e-3 * (1 + cosine) / 2, 1e-17);
    }
    CHECK(schedule_rate_at(&schedule, 100) == 1e-5);
    CHECK(schedule_rate_at(&schedule, 1000) == 1e-5);
}

static void the_norm_is_the_same_for_any_number_of_threads(void)
{
    enum { MANY = 100001 };
    float *x = malloc(MANY * sizeof *x);
    uint64_t seed = 1;
    double norm[2], squares = 0;
    for (size_t i = 0; i < MANY; i++) {
        x[i] = random_float(&seed);
        squares += (double)x[i] * (double)x[i];
    }
    for (size_t i = 0; i < 2; i++) {
        struct workers *workers;
        CHECK(workers_new(&workers, i ? 3 : 1, &failure));
        norm[i] = parameters_norm(workers, x, MANY);
        workers_free(workers);
    }
    free(x);
    CHECK(norm[0] == norm[1]);
    CHECK_NEAR(norm[0], sqrt(squares), 1e-9);
}

static void only_long_gradients_are_clipped(void)
{
    CHECK(clipped_share(.5, 1) == 1);
    CHECK(clipped_share(1, 1) == 1);
    CHECK(clipped_share(4, 1) == .25);
}

int main(void)
{
    RUN(adamw_moves_as_pytorch_does);
    RUN(a_clipped_gradient_is_a_shorter_gradient);
    RUN(an_optimizer_continues_from_its_state);
    RUN(the_rate_rises_and_falls_as_half_a_cosine);
    RUN(the_norm_is_the_same_for_any_number_of_threads);
    RUN(only_long_gradients_are_clipped);
    return check_done();
}

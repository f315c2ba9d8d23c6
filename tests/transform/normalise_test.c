/* SPDX-License-Identifier: MIT */
/* If this fails, a speaker's loudness or channel stays in the features, or the mean runs away. The
   formulas themselves are compared bit by bit in tests/stream. */
#include "src/transform/normalise.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <math.h>

enum { DIM = 3 };

static const float prior_mean[DIM] = {1.0f, -2.0f, 0.0f}, prior_variance[DIM] = {1.0f, 4.0f, 0.25f};

static voq_normalise options_of(uint32_t kind)
{
    bool varies = kind == VOQ_NORMALISE_RUNNING_VARIANCE || kind == VOQ_NORMALISE_GLOBAL;
    bool scaled = kind == VOQ_NORMALISE_RUNNING_SCALED;
    return (voq_normalise){sizeof(voq_normalise),
                           kind,
                           DIM,
                           100,
                           300,
                           1e-3f,
                           prior_mean,
                           varies ? prior_variance : NULL,
                           scaled ? prior_variance : NULL};
}

static void place(struct normalise_state *state, const voq_normalise *options, char *memory)
{
    struct arena arena = arena_in(memory);
    voq_normalise_place(state, options, &arena);
}

static void the_first_frame_already_moves_the_mean(void)
{
    char memory[512];
    struct normalise_state state;
    voq_normalise options = options_of(VOQ_NORMALISE_RUNNING_MEAN);
    place(&state, &options, memory);
    float x[DIM] = {102.0f, -2.0f, -101.0f};
    voq_normalise_run(&state, &options, x, 1);
    CHECK(fabsf(state.mean[0] - 2.0f) < 1e-5f); /* 1 + 101/101 */
    CHECK(fabsf(x[0] - 100.0f) < 1e-4f && x[1] == 0.0f && fabsf(x[2] + 100.0f) < 1e-4f);
}

static void a_constant_is_removed_however_long_it_lasts(void)
{
    char memory[512];
    struct normalise_state state;
    for (uint32_t kind = 1; kind <= 2; kind++) {
        voq_normalise options = options_of(kind);
        place(&state, &options, memory);
        for (int t = 0; t < 200000; t++) {
            float x[DIM] = {50.0f, -50.0f, 1e-3f};
            voq_normalise_run(&state, &options, x, 1);
            for (int d = 0; d < DIM; d++) CHECK(isfinite(x[d]));
            if (t > 50000) CHECK(fabsf(x[0]) < 0.05f && fabsf(x[1]) < 0.05f);
        }
    }
}

static void noise_comes_out_with_mean_zero_and_variance_one(void)
{
    char memory[512];
    struct normalise_state state;
    uint64_t seed = 3;
    voq_normalise options = options_of(VOQ_NORMALISE_RUNNING_VARIANCE);
    place(&state, &options, memory);
    double sum = 0.0, square = 0.0;
    enum { N = 20000 };
    for (int t = 0; t < 2 * N; t++) {
        float x[DIM] = {7.0f + 3.0f * random_normal(&seed), random_normal(&seed), 0.0f};
        voq_normalise_run(&state, &options, x, 1);
        sum += t >= N ? (double)x[0] : 0.0;
        square += t >= N ? (double)x[0] * (double)x[0] : 0.0;
    }
    CHECK(fabs(sum / N) < 0.05);
    CHECK(fabs(square / N - 1.0) < 0.1);
}

static void reset_is_the_prior(void)
{
    char memory[512];
    struct normalise_state state;
    voq_normalise options = options_of(VOQ_NORMALISE_RUNNING_VARIANCE);
    place(&state, &options, memory);
    float x[DIM] = {9.0f, 9.0f, 9.0f}, first[DIM], again[DIM] = {9.0f, 9.0f, 9.0f};
    voq_normalise_run(&state, &options, x, 1);
    memcpy(first, x, sizeof first);
    for (int t = 0; t < 50; t++) voq_normalise_run(&state, &options, x, 1);
    voq_normalise_reset(&state, &options);
    voq_normalise_run(&state, &options, again, 1);
    CHECK_BITS(again, first, DIM);
}

static void global_statistics_never_move(void)
{
    char memory[512];
    struct normalise_state state;
    voq_normalise options = options_of(VOQ_NORMALISE_GLOBAL);
    options.floor = 0.0f;
    place(&state, &options, memory);
    for (int t = 0; t < 10; t++) {
        float x[DIM] = {3.0f, 2.0f, 1.0f};
        voq_normalise_run(&state, &options, x, 1);
        CHECK(x[0] == 2.0f && x[1] == 2.0f && x[2] == 2.0f);
    }
}

static void a_scale_multiplies_what_the_running_mean_leaves(void)
{
    char memory[2][512];
    struct normalise_state plain, scaled;
    voq_normalise mean = options_of(VOQ_NORMALISE_RUNNING_MEAN);
    voq_normalise scale = options_of(VOQ_NORMALISE_RUNNING_SCALED);
    place(&plain, &mean, memory[0]);
    place(&scaled, &scale, memory[1]);
    uint64_t seed = 9;
    for (int t = 0; t < 400; t++) {
        float x[DIM], y[DIM];
        for (int d = 0; d < DIM; d++) x[d] = y[d] = 5.0f * random_normal(&seed);
        voq_normalise_run(&plain, &mean, x, 1);
        voq_normalise_run(&scaled, &scale, y, 1);
        for (int d = 0; d < DIM; d++) CHECK(y[d] == x[d] * scale.scale[d]);
    }
}

int main(void)
{
    RUN(the_first_frame_already_moves_the_mean);
    RUN(a_constant_is_removed_however_long_it_lasts);
    RUN(noise_comes_out_with_mean_zero_and_variance_one);
    RUN(reset_is_the_prior);
    RUN(global_statistics_never_move);
    RUN(a_scale_multiplies_what_the_running_mean_leaves);
    return check_done();
}

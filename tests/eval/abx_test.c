/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/eval/abx.h"
#include "tools/eval/dtw.h"

#include <math.h>
#include <stdlib.h>

static struct failure failure;

static void is_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        printf("# %.17g, expected %.17g\n", got, expected);
    CHECK(fabs(got - expected) <= tolerance);
}

/* ---- fastabx's regression test (tests/test_regression.py, version 0.9.0) ---- */

static const float regression[36][6] = {
#include "tests/eval/vectors/abx-regression.inc"
};

/* 36 tokens of one frame: phones a b c in turn, three speakers of 12, two
   contexts in turn. */
static double regression_error(enum frame_distance distance, float vector[36][6], size_t n_thread)
{
    static struct abx_token token[36];
    static uint32_t unit[36];
    double error = (double)NAN;
    for (uint32_t i = 0; i < 36; i++) {
        unit[i] = i % 4;
        token[i] = (struct abx_token){{vector[i], &unit[i], 1}, i % 2, i % 3, i / 12};
    }
    const struct abx_task task = {.token = token, .n_token = 36, .dim = 6, .distance = distance,
                                  .across_speaker = true, .n_thread = n_thread};
    if (!abx_error(&task, &error, &failure)) printf("# %s\n", failure.text);
    return error;
}

static void fastabx_regression_values_are_met(void)
{
    float vector[36][6];
    memcpy(vector, regression, sizeof vector);
    is_near(regression_error(DISTANCE_EUCLIDEAN, vector, 1), 283.0 / 576, 1e-12);
    is_near(regression_error(DISTANCE_EUCLIDEAN, vector, 1), 0.4913194353381793, 1e-7);
    is_near(regression_error(DISTANCE_ANGULAR, vector, 1), 277.0 / 576, 1e-12);
    is_near(regression_error(DISTANCE_ANGULAR, vector, 1), 0.4809027786056201, 1e-7);
    is_near(regression_error(DISTANCE_IDENTICAL, vector, 1), 0.5, 1e-12);
}

static void fastabx_regression_value_of_kl_is_met(void)
{
    float vector[36][6];
    for (int i = 0; i < 36; i++) {
        float sum = 0;
        for (int k = 0; k < 6; k++) sum += vector[i][k] = fabsf(regression[i][k]) + 0.1f;
        for (int k = 0; k < 6; k++) vector[i][k] /= sum;
    }
    is_near(regression_error(DISTANCE_KL_SYMMETRIC, vector, 1), 250.0 / 576, 1e-12);
    is_near(regression_error(DISTANCE_KL_SYMMETRIC, vector, 1), 0.4340277736385663, 1e-7);
}

static void threads_change_no_bit(void)
{
    float vector[36][6];
    memcpy(vector, regression, sizeof vector);
    double one = regression_error(DISTANCE_ANGULAR, vector, 1);
    for (size_t n = 2; n < 6; n++) {
        double many = regression_error(DISTANCE_ANGULAR, vector, n);
        CHECK(memcmp(&one, &many, sizeof one) == 0);
    }
}

/* ---- a worked example: tokens 112 and 122 of AH, 33 and 13 of T, and 12, 33 of another speaker */

static const uint32_t unit[] = {1, 1, 2, 1, 2, 2, 3, 3, 1, 3, 1, 2, 3, 3};
static const struct abx_token worked[] = {
    {{NULL, unit, 3}, 0, 0, 0},      {{NULL, unit + 3, 3}, 0, 0, 0}, {{NULL, unit + 6, 2}, 0, 1, 0},
    {{NULL, unit + 8, 2}, 0, 1, 0},  {{NULL, unit + 10, 2}, 0, 0, 1},
    {{NULL, unit + 12, 2}, 0, 1, 1}};

static double worked_error(bool across, bool any_context, uint32_t max_size)
{
    const struct abx_task task = {.token = worked, .n_token = 6, .distance = DISTANCE_IDENTICAL,
                                  .across_speaker = across, .any_context = any_context,
                                  .max_size = max_size, .n_thread = 1};
    double error;
    return abx_error(&task, &error, &failure) ? error : -1;
}

static void the_worked_example_comes_out(void)
{
    is_near(worked_error(false, false, 0), 0.125, 0);
    is_near(worked_error(true, false, 0), 0.0625, 0);
    is_near(worked_error(false, true, 0), 0.125, 0);
    is_near(worked_error(true, true, 0), 0.0625, 0);
}

struct told {
    uint64_t last, n;
    bool falls;
};

static void take_progress(void *context, uint64_t done, uint64_t n)
{
    struct told *told = context;
    told->falls = told->falls || done < told->last || done > n;
    told->last = done;
    told->n = n;
}

static void progress_reaches_the_end(void)
{
    double error;
    for (int across = 0; across < 2; across++) {
        struct told told = {0};
        const struct abx_task task = {.token = worked, .n_token = 6, .any_context = true,
                                      .distance = DISTANCE_IDENTICAL, .across_speaker = across,
                                      .n_thread = 1, .progress = take_progress, .context = &told};
        CHECK(abx_error(&task, &error, &failure));
        CHECK(told.n > 0 && told.last == told.n && !told.falls);
    }
}

static void max_size_takes_the_first_tokens(void)
{
    /* Within speakers one token of a phone has no partner left. */
    CHECK(isnan(worked_error(false, false, 1)));
    is_near(worked_error(true, false, 1), 0, 0);
}

static void max_x_takes_the_first_speakers_of_x(void)
{
    static const uint32_t a = 1, b = 2;
    /* Speaker 2 has its phones exchanged; speaker 1, later in the file, has one phone only. */
    const struct abx_token token[] = {
        {{NULL, &a, 1}, 0, 0, 0}, {{NULL, &b, 1}, 0, 1, 0}, {{NULL, &b, 1}, 0, 0, 2},
        {{NULL, &a, 1}, 0, 1, 2}, {{NULL, &a, 1}, 0, 0, 1}};
    struct abx_task task = {.token = token, .n_token = 5, .distance = DISTANCE_IDENTICAL,
                            .across_speaker = true, .n_thread = 1};
    double all, first;
    CHECK(abx_error(&task, &all, &failure));
    task.max_x = 1;
    CHECK(abx_error(&task, &first, &failure));
    is_near(all, 0.875, 0);
    is_near(first, 1, 0);
}

static void nothing_to_compare_is_undefined(void)
{
    const struct abx_task none = {.token = worked, .n_token = 0, .n_thread = 3};
    const struct abx_task one = {.token = worked, .n_token = 1, .n_thread = 1,
                                 .distance = DISTANCE_IDENTICAL};
    double error = 0;
    CHECK(abx_error(&none, &error, &failure) && isnan(error));
    CHECK(abx_error(&one, &error, &failure) && isnan(error));
}

/* ---- DTW ---- */

static void the_path_prefers_diagonal_then_left_then_up(void)
{
    static const double zeros[6] = {0, 0, 0, 0, 0, 0};
    static const double ones[6] = {1, 1, 1, 1, 1, 1};
    struct dtw_cell scratch[3];
    is_near(dtw(zeros, 2, 3, 3, scratch), 0, 0);
    is_near(dtw(ones, 2, 3, 3, scratch), 1, 0);
    /* c = 0 2 / 0 2 (corner): left 0, up 2, diagonal 0: 2 over a path of 2. */
    static const double corner[4] = {0, 2, 0, 2};
    is_near(dtw(corner, 2, 2, 2, scratch), 1, 0);
    /* Diagonal 3 is above left 3 + 0 and up: left 3, up 3 tie, left wins; 3 cells long. */
    static const double tie[4] = {3, 0, 0, 1};
    is_near(dtw(tie, 2, 2, 2, scratch), 2, 0);
}

static void one_frame_each_is_the_plain_distance(void)
{
    static const double d = 0.3;
    struct dtw_cell scratch[1];
    is_near(dtw(&d, 1, 1, 8, scratch), 0.3, 0);
}

/* ---- distances ---- */

static double distance(enum frame_distance kind, const float *p, const float *q, size_t dim)
{
    struct prepared_frames x = {0}, y = {0};
    const struct frames fx = {.vector = p, .n = 1}, fy = {.vector = q, .n = 1};
    double d[8] = {-1};
    if (prepare_frames(&x, &fx, dim, kind, &failure) &&
        prepare_frames(&y, &fy, dim, kind, &failure))
        distance_matrix(kind, &x, &y, dim, d);
    prepared_frames_clear(&x);
    prepared_frames_clear(&y);
    return d[0];
}

static void a_zero_vector_is_far_from_all_but_zero(void)
{
    static const float zero[3] = {0, 0, 0}, other[3] = {1, 2, 3};
    is_near(distance(DISTANCE_ANGULAR, zero, other, 3), 1, 0);
    is_near(distance(DISTANCE_ANGULAR, other, zero, 3), 1, 0);
    is_near(distance(DISTANCE_ANGULAR, zero, zero, 3), 0, 0);
}

static void distances_are_what_they_are_called(void)
{
    static const float p[2] = {1, 0}, q[2] = {0, 2}, r[2] = {-3, 0};
    is_near(distance(DISTANCE_ANGULAR, p, q, 2), 0.5, 1e-15);
    is_near(distance(DISTANCE_ANGULAR, p, r, 2), 1, 1e-15);
    is_near(distance(DISTANCE_EUCLIDEAN, p, q, 2), sqrt(5), 1e-15);
    is_near(distance(DISTANCE_EUCLIDEAN, p, r, 2), 4, 1e-15);
}

static void what_is_no_probability_is_refused(void)
{
    static const float good[2] = {0.25f, 0.75f}, negative[2] = {-0.25f, 1.25f}, two[2] = {1, 1};
    static const float bad[2] = {0, (float)NAN};
    struct frames frames = {.vector = good, .n = 1};
    CHECK(check_frames(&frames, 2, DISTANCE_KL_SYMMETRIC, "u", &failure));
    frames.vector = negative;
    CHECK(!check_frames(&frames, 2, DISTANCE_KL_SYMMETRIC, "u", &failure));
    CHECK_STR(failure.text, "u: frame 0 dim 0 is negative; kl_symmetric compares probabilities");
    frames.vector = two;
    CHECK(!check_frames(&frames, 2, DISTANCE_KL_SYMMETRIC, "u", &failure));
    CHECK(check_frames(&frames, 2, DISTANCE_EUCLIDEAN, "u", &failure));
    frames.vector = bad;
    CHECK(!check_frames(&frames, 2, DISTANCE_EUCLIDEAN, "u", &failure));
    CHECK_STR(failure.text, "u: frame 0 dim 1 is not a finite number");
}

int main(void)
{
    RUN(fastabx_regression_values_are_met);
    RUN(fastabx_regression_value_of_kl_is_met);
    RUN(threads_change_no_bit);
    RUN(the_worked_example_comes_out);
    RUN(progress_reaches_the_end);
    RUN(max_size_takes_the_first_tokens);
    RUN(max_x_takes_the_first_speakers_of_x);
    RUN(nothing_to_compare_is_undefined);
    RUN(the_path_prefers_diagonal_then_left_then_up);
    RUN(one_frame_each_is_the_plain_distance);
    RUN(a_zero_vector_is_far_from_all_but_zero);
    RUN(distances_are_what_they_are_called);
    RUN(what_is_no_probability_is_refused);
    return check_done();
}

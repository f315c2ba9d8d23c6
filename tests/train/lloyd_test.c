/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/train/blobs.h"
#include "tools/train/lloyd.h"
#include "tools/train/revive.h"
#include "tools/train/seeding.h"

#include <math.h>

enum { N = 20011, DIM = 6, K = 40 };

static struct failure failure;
static struct totals totals;
static enum lloyd_stop stop;

static struct frames *cloud(float codeword[K * DIM])
{
    struct frames *frames = frames_of(blobs(N, DIM, 11, 60), N, DIM);
    struct seeding seeding = {.seed = 2, .n_code = K, .n_thread = 1};
    if (!seeding_run(frames, &seeding, codeword, &failure) || !totals_new(&totals, K, DIM)) exit(1);
    return frames;
}

static void finish(struct frames *frames)
{
    totals_free(&totals);
    frames_free(frames);
}

/* The definition, written down once more. Frames are below 256 in magnitude, at most 2^15 of them:
   terms are rounded to multiples of 2^-39. */
static void naive_iteration(const float *x, float *codeword)
{
    static int64_t sum[K * DIM], count[K];
    memset(sum, 0, sizeof sum);
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < N; i++) {
        float mean[DIM], best = 0;
        uint32_t id = 0;
        for (int d = 0; d < DIM; d++) {
            double m = 0;
            for (int k = 0; k < K; k++) m += (double)codeword[k * DIM + d];
            mean[d] = (float)(m / K);
        }
        for (uint32_t k = 0; k < K; k++) {
            double half = 0;
            float c[DIM];
            for (int d = 0; d < DIM; d++) {
                c[d] = (float)((double)codeword[k * DIM + (uint32_t)d] - (double)mean[d]);
                half += (double)c[d] * (double)c[d];
            }
            float score = (float)(half / 2);
            for (int d = 0; d < DIM; d++) score -= (x[i * DIM + (size_t)d] - mean[d]) * c[d];
            if (k == 0 || score < best) {
                best = score;
                id = k;
            }
        }
        for (size_t d = 0; d < DIM; d++)
            sum[id * DIM + d] += llrint(ldexp((double)x[i * DIM + d], 39));
        count[id]++;
    }
    for (int k = 0; k < K; k++)
        for (int d = 0; d < DIM; d++) {
            double mean = ldexp((double)sum[k * DIM + d], -39) / (double)count[k];
            codeword[k * DIM + d] = (float)mean;
        }
}

static void two_iterations_are_as_defined(void)
{
    float codeword[K * DIM], naive[K * DIM];
    struct frames *frames = cloud(codeword);
    struct lloyd lloyd = {.n_code = K, .iterations = 2, .n_thread = 2};
    struct lloyd_state state = {0};
    float *x = malloc(sizeof *x * N * DIM);
    memcpy(naive, codeword, sizeof naive);
    CHECK(frames_get(frames, 0, N, x, &failure));
    naive_iteration(x, naive);
    naive_iteration(x, naive);
    free(x);
    CHECK(lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
    CHECK_EQ(stop, LLOYD_ITERATIONS);
    CHECK_BITS(codeword, naive, K * DIM);
    finish(frames);
}

static void threads_and_instruction_sets_change_nothing(void)
{
    static const voq_cpu cpu[] = {VOQ_CPU_SCALAR, VOQ_CPU_AUTO};
    float start[K * DIM], first[K * DIM], codeword[K * DIM];
    struct frames *frames = cloud(start);
    for (size_t i = 0; i < 6; i++) {
        struct lloyd lloyd = {.n_code = K, .iterations = 8, .n_thread = i % 3 + 1,
                              .cpu = cpu[i / 3]};
        struct lloyd_state state = {0};
        memcpy(codeword, start, sizeof start);
        CHECK(lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
        if (i == 0) memcpy(first, codeword, sizeof first);
        CHECK_BITS(codeword, first, K * DIM);
    }
    finish(frames);
}

/* Bounds are a matter of speed alone: whoever turns --memory gets the same model. */
static void bounds_change_nothing(void)
{
    static const uint64_t memory[] = {0, 40000, 1u << 30};
    float start[K * DIM], plain[K * DIM], codeword[K * DIM];
    struct frames *frames = cloud(start);
    for (size_t i = 0; i < 3; i++) {
        struct lloyd lloyd = {.n_code = K, .iterations = 60, .n_thread = 2, .memory = memory[i]};
        struct lloyd_state state = {0};
        memcpy(codeword, start, sizeof start);
        CHECK(lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
        if (i == 0) memcpy(plain, codeword, sizeof plain);
        CHECK_BITS(codeword, plain, K * DIM);
        if (i == 0) CHECK_EQ(totals.n_searched, 2 * N); /* 40 codes are two groups */
        if (i == 1) CHECK(totals.n_searched < 2 * N);
        if (i == 2) CHECK(totals.n_searched < N * 5 / 4); /* their own, hardly more */
    }
    finish(frames);
}

/* Groups go by likeness, ties by number: equal codewords lie anywhere. */
static void bounds_change_nothing_among_equals(void)
{
    enum { MANY = 9001, WIDE_DIM = 21, CODES = 150 };
    static float start[CODES * WIDE_DIM], plain[CODES * WIDE_DIM], codeword[CODES * WIDE_DIM];
    float *x = blobs(MANY, WIDE_DIM, 70, 40);
    memcpy(start, x, sizeof start);
    for (size_t k = 5; k < CODES; k += 3)
        memcpy(start + k * WIDE_DIM, start + k * 7 % CODES * WIDE_DIM, WIDE_DIM * sizeof *start);
    struct frames *frames = frames_of(x, MANY, WIDE_DIM);
    if (!totals_new(&totals, CODES, WIDE_DIM)) exit(1);
    for (uint32_t iterations = 0; iterations < 9; iterations++) {
        struct lloyd lloyd = {.n_code = CODES, .iterations = iterations, .n_thread = 1,
                              .tolerance = -1};
        struct lloyd_state state = {0};
        memcpy(plain, start, sizeof plain);
        CHECK(lloyd_run(frames, &lloyd, &state, plain, &totals, &stop, &failure));
        double mean = totals_mean_distance(&totals);
        lloyd.memory = 1u << 30;
        state = (struct lloyd_state){0};
        memcpy(codeword, start, sizeof codeword);
        CHECK(lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
        CHECK_BITS(codeword, plain, CODES * WIDE_DIM);
        CHECK(totals_mean_distance(&totals) == mean);
    }
    CHECK(totals.n_searched < 2 * MANY);
    finish(frames);
}

static void distortion_never_rises_and_it_stops_when_settled(void)
{
    float codeword[K * DIM];
    struct frames *frames = cloud(codeword);
    struct lloyd lloyd = {.n_code = K, .n_thread = 1, .tolerance = 0};
    struct lloyd_state state = {0};
    double last = 1e30;
    for (lloyd.iterations = 1; lloyd.iterations < 1000; lloyd.iterations++) {
        CHECK(lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
        double mean = totals_mean_distance(&totals);
        CHECK(mean <= last * (1 + 1e-6));
        if (stop == LLOYD_CONVERGED) break;
        last = mean;
    }
    CHECK_EQ(stop, LLOYD_CONVERGED);
    CHECK_EQ(totals_used(&totals), K);
    CHECK(totals_perplexity(&totals) > 1 && totals_perplexity(&totals) <= K);
    finish(frames);
}

/* A checkpoint is worth something only if going on from it ends in the same bits. */
static void going_on_is_as_if_never_stopped(void)
{
    float whole[K * DIM], parts[K * DIM];
    struct frames *frames = cloud(whole);
    struct lloyd lloyd = {.n_code = K, .iterations = 9, .n_thread = 2};
    struct lloyd_state state = {0};
    memcpy(parts, whole, sizeof whole);
    CHECK(lloyd_run(frames, &lloyd, &state, whole, &totals, &stop, &failure));
    state = (struct lloyd_state){0};
    lloyd.iterations = 4;
    CHECK(lloyd_run(frames, &lloyd, &state, parts, &totals, &stop, &failure));
    CHECK_EQ(state.iteration, 4);
    lloyd.iterations = 9;
    CHECK(lloyd_run(frames, &lloyd, &state, parts, &totals, &stop, &failure));
    CHECK_BITS(parts, whole, K * DIM);
    finish(frames);
}

static void dead_codes_come_back_to_life(void)
{
    float codeword[K * DIM];
    struct frames *frames = cloud(codeword);
    for (int k = 10; k < 15; k++)
        for (int d = 0; d < DIM; d++) codeword[k * DIM + d] = 5000 + (float)k;
    struct lloyd lloyd = {.n_code = K, .iterations = 60, .n_thread = 1, .tolerance = 1e-6};
    struct lloyd_state state = {0};
    CHECK(lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
    CHECK(state.n_revived >= 5);
    CHECK_EQ(totals_used(&totals), K);
    finish(frames);
}

static void the_heaviest_code_is_the_one_that_is_split(void)
{
    struct totals three;
    float codeword[] = {0, 0, 100, 100, 9, 9};
    CHECK(totals_new(&three, 3, 2));
    memcpy(three.count, (uint64_t[]){10, 20, 0}, sizeof(uint64_t) * 3);
    memcpy(three.distortion, (int64_t[]){50, 4000, 0}, sizeof(int64_t) * 3);
    CHECK_EQ(revive_dead_codes(&three, codeword), 1);
    CHECK_EQ(three.count[1], 10);
    CHECK_EQ(three.count[2], 10);
    CHECK(codeword[0] == 0 && codeword[1] == 0);
    CHECK(codeword[2] == 99 && codeword[3] == 101 && codeword[4] == 101 && codeword[5] == 99);
    totals_free(&three);
}

static void identical_frames_end_without_a_split(void)
{
    enum { SAME = 500 };
    float codeword[2 * 2] = {1, 1, 50, 50};
    struct frames *frames = frames_of(blobs(SAME, 2, 1, 0), SAME, 2);
    struct lloyd lloyd = {.n_code = 2, .iterations = 20, .n_thread = 1};
    struct lloyd_state state = {0};
    CHECK(totals_new(&totals, 2, 2));
    CHECK(lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
    CHECK(totals_mean_distance(&totals) == 0);
    CHECK_EQ(stop, LLOYD_CONVERGED);
    finish(frames);
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(two_iterations_are_as_defined);
    RUN(threads_and_instruction_sets_change_nothing);
    RUN(bounds_change_nothing);
    RUN(bounds_change_nothing_among_equals);
    RUN(distortion_never_rises_and_it_stops_when_settled);
    RUN(going_on_is_as_if_never_stopped);
    RUN(dead_codes_come_back_to_life);
    RUN(the_heaviest_code_is_the_one_that_is_split);
    RUN(identical_frames_end_without_a_split);
    return check_done();
}

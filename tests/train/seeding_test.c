/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/train/blobs.h"
#include "tools/train/seeding.h"

static struct failure failure;

static float distance(const float *a, const float *b, uint32_t dim)
{
    float sum = 0;
    for (uint32_t d = 0; d < dim; d++) sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

static void every_cloud_gets_a_codeword(void)
{
    enum { N = 20000, DIM = 5, K = 32 };
    struct frames *frames = frames_of(blobs(N, DIM, K, 1), N, DIM);
    struct seeding seeding = {.seed = 3, .n_code = K, .n_thread = 2};
    float codeword[K * DIM], centre[K * DIM];
    CHECK(seeding_run(frames, &seeding, codeword, &failure));
    CHECK(frames_get(frames, 0, K, centre, &failure));
    for (int c = 0; c < K; c++) {
        float nearest = 1e9f;
        for (int k = 0; k < K; k++) {
            float d = distance(centre + c * DIM, codeword + k * DIM, DIM);
            if (d < nearest) nearest = d;
        }
        CHECK(nearest <= 4 * DIM);
    }
    frames_free(frames);
}

static void threads_change_nothing(void)
{
    enum { N = 30001, DIM = 7, K = 50 };
    struct frames *frames = frames_of(blobs(N, DIM, 9, 40), N, DIM);
    float one[K * DIM], several[K * DIM], other_seed[K * DIM];
    struct seeding seeding = {.seed = 8, .n_code = K, .n_thread = 1};
    CHECK(seeding_run(frames, &seeding, one, &failure));
    for (seeding.n_thread = 2; seeding.n_thread <= 7; seeding.n_thread++) {
        CHECK(seeding_run(frames, &seeding, several, &failure));
        CHECK_BITS(several, one, K * DIM);
    }
    seeding.seed = 9;
    CHECK(seeding_run(frames, &seeding, other_seed, &failure));
    CHECK(memcmp(other_seed, one, sizeof one) != 0);
    frames_free(frames);
}

static void codewords_given_stay_and_the_others_avoid_them(void)
{
    enum { N = 4000, DIM = 3, K = 8, GIVEN = 5 };
    struct frames *frames = frames_of(blobs(N, DIM, K, 0.5f), N, DIM);
    float codeword[K * DIM], given[K * DIM];
    struct seeding seeding = {.seed = 1, .n_code = K, .n_given = GIVEN, .n_thread = 1};
    CHECK(frames_get(frames, 0, K, given, &failure));
    memcpy(codeword, given, sizeof(float) * GIVEN * DIM);
    CHECK(seeding_run(frames, &seeding, codeword, &failure));
    CHECK_BITS(codeword, given, GIVEN * DIM);
    for (int new = GIVEN; new < K; new++)
        for (int old = 0; old < new; old++)
            CHECK(distance(codeword + new * DIM, codeword + old * DIM, DIM) > 4 * DIM);
    frames_free(frames);
}

static void the_sample_is_bounded(void)
{
    struct frames *frames = frames_of(blobs(30000, 2, 4, 1), 30000, 2);
    CHECK_EQ(seeding_sample_size(frames, 10), 2560);
    CHECK_EQ(seeding_sample_size(frames, 1000), 30000);
    frames_free(frames);
}

static void too_few_frames_are_refused(void)
{
    float codeword[10 * 2];
    struct frames *frames = frames_of(blobs(9, 2, 3, 1), 9, 2);
    struct seeding seeding = {.seed = 1, .n_code = 10, .n_thread = 1};
    CHECK(!seeding_run(frames, &seeding, codeword, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text,
              "9 frames are too few for 10 codes; give more speech, or fewer codes with -k");
    frames_free(frames);
}

static void identical_frames_are_refused(void)
{
    float codeword[4 * 2];
    struct frames *frames = frames_of(blobs(1000, 2, 3, 0), 1000, 2);
    struct seeding seeding = {.seed = 1, .n_code = 4, .n_thread = 1};
    CHECK(!seeding_run(frames, &seeding, codeword, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK(strstr(failure.text, "only 3 different vectors, too few for 4 codes; use -k 3"));
    frames_free(frames);
}

static void vectors_beyond_single_precision_are_refused(void)
{
    float codeword[2 * 2], *x = blobs(400, 2, 3, 1);
    x[7] = 3e38f;
    struct frames *frames = frames_of(x, 400, 2);
    struct seeding seeding = {.seed = 1, .n_code = 2, .n_thread = 1};
    CHECK(!seeding_run(frames, &seeding, codeword, &failure));
    CHECK(strstr(failure.text, "too large"));
    frames_free(frames);
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(every_cloud_gets_a_codeword);
    RUN(threads_change_nothing);
    RUN(codewords_given_stay_and_the_others_avoid_them);
    RUN(the_sample_is_bounded);
    RUN(too_few_frames_are_refused);
    RUN(identical_frames_are_refused);
    RUN(vectors_beyond_single_precision_are_refused);
    return check_done();
}

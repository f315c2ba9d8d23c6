/* SPDX-License-Identifier: MIT */
/* Who shuffles a corpus, or divides it among threads or machines, gets the same sums. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/train/blobs.h"
#include "tools/train/largest.h"
#include "tools/train/lloyd.h"
#include "tools/train/moments.h"
#include "tools/train/scatter.h"
#include "tools/train/totals.h"

#include <math.h>

enum { N = 9001, DIM = 11, K = 30, THREADS_MOST = 7 };

static struct failure failure;
static float x[N][DIM], largest[DIM];
static uint32_t id[N];

static void draw_frames(void)
{
    float *drawn = blobs(N, DIM, 13, 50);
    memcpy(x, drawn, sizeof x);
    free(drawn);
    for (size_t i = 0; i < N; i++) {
        id[i] = (uint32_t)((i * 7 + i / 50) % (K + 1)); /* the last is no class */
        exact_largest(largest, x[i], DIM);
    }
}

static void shuffle(uint64_t seed)
{
    struct rng rng;
    rng_start(&rng, seed, RNG_KEEP, 0);
    for (size_t i = N; i-- > 1;) {
        size_t k = (size_t)rng_below(&rng, i + 1);
        float frame[DIM];
        uint32_t class = id[i];
        memcpy(frame, x[i], sizeof frame);
        memcpy(x[i], x[k], sizeof frame);
        memcpy(x[k], frame, sizeof frame);
        id[i] = id[k];
        id[k] = class;
    }
}

/* The frames as they are now. */
static struct frames *store(void)
{
    float *copy = malloc(sizeof x);
    memcpy(copy, x, sizeof x);
    return frames_of(copy, N, DIM);
}

/* The part to which frame i belongs: pieces of different lengths. */
static size_t part_of(size_t i, size_t n_part)
{
    return i / 37 % 5 % n_part;
}

/* n_part = 0: without parts. */
static void fill_totals(struct totals *totals, size_t n_part)
{
    struct totals part[THREADS_MOST];
    CHECK(totals_new(totals, K + 1, DIM));
    totals_begin(totals, largest, 900, N);
    for (size_t p = 0; p < n_part; p++) {
        CHECK(totals_new(&part[p], K + 1, DIM));
        totals_begin(&part[p], largest, 900, N);
    }
    for (size_t i = 0; i < N; i++)
        totals_add_frame(n_part ? &part[part_of(i, n_part)] : totals, x[i], id[i], fabsf(x[i][0]));
    for (size_t p = 0; p < n_part; p++) {
        totals_add(totals, &part[p]);
        totals_free(&part[p]);
    }
}

static void totals_of_pieces_in_any_order_are_the_same(void)
{
    struct totals whole, other;
    draw_frames();
    fill_totals(&whole, 0);
    for (size_t n_part = 1; n_part <= THREADS_MOST; n_part++) {
        shuffle(n_part);
        fill_totals(&other, n_part);
        CHECK_EQ(other.n_frame, N);
        CHECK(memcmp(other.sum, whole.sum, sizeof(int64_t) * (K + 1) * DIM) == 0);
        CHECK(memcmp(other.distortion, whole.distortion, sizeof(int64_t) * (K + 1)) == 0);
        CHECK(memcmp(other.count, whole.count, sizeof(uint64_t) * (K + 1)) == 0);
        totals_free(&other);
    }
    totals_free(&whole);
}

static void learn(float lda[2 * DIM], float pca[3 * DIM], size_t n_part)
{
    struct scatter scatter, part[THREADS_MOST];
    float bias[3];
    CHECK(scatter_new(&scatter, DIM, K, largest, &failure));
    for (size_t p = 0; p < n_part; p++)
        CHECK(scatter_new(&part[p], DIM, K, largest, &failure));
    for (size_t i = 0; i < N; i++)
        scatter_add(n_part ? &part[part_of(i, n_part)] : &scatter, x[i], &id[i], 1);
    for (size_t p = 0; p < n_part; p++) {
        scatter_merge(&scatter, &part[p]);
        scatter_free(&part[p]);
    }
    CHECK(scatter_lda(&scatter, 2, lda, bias, &failure));
    CHECK(scatter_pca(&scatter, 3, true, pca, bias, &failure));
    scatter_free(&scatter);
}

static void transforms_learned_from_pieces_in_any_order_are_the_same(void)
{
    float lda[2 * DIM], pca[3 * DIM], other_lda[2 * DIM], other_pca[3 * DIM];
    draw_frames();
    learn(lda, pca, 0);
    for (size_t n_part = 1; n_part <= THREADS_MOST; n_part++) {
        shuffle(n_part);
        learn(other_lda, other_pca, n_part);
        CHECK_BITS(other_lda, lda, 2 * DIM);
        CHECK_BITS(other_pca, pca, 3 * DIM);
    }
}

/* Second moments beside those of long double: rounding to 28 bits, twice per product. */
static void second_moments_are_those_of_real_numbers(void)
{
    struct scatter scatter;
    draw_frames();
    CHECK(scatter_new(&scatter, DIM, 1, largest, &failure));
    scatter_add(&scatter, &x[0][0], NULL, N - N % EXACT_PRODUCT_TERMS);
    CHECK_EQ(scatter.n_waiting, 0);
    const struct exact_pair *square = scatter.square;
    for (size_t i = 0; i < DIM; i++)
        for (size_t k = 0; k <= i; k++) {
            long double real = 0;
            for (size_t t = 0; t < scatter.n; t++) real += (long double)x[t][i] * x[t][k];
            double value = exact_pair_value(*square++, scatter.scale[i], scatter.scale[k]);
            double bound = (double)scatter.n * largest[i] * largest[k] * 0x1p-27;
            CHECK(fabs(value - (double)real) <= bound);
        }
    scatter_free(&scatter);
}

static void mean_and_variance_do_not_depend_on_order_or_threads(void)
{
    double mean[DIM], variance[DIM], other_mean[DIM], other_variance[DIM];
    draw_frames();
    for (size_t i = 0; i < N; i++) {
        x[i][3] = 0;         /* silence has no variance */
        x[i][4] += 1000000;  /* a mean far above the variance keeps its precision */
    }
    for (size_t n_thread = 1; n_thread <= THREADS_MOST; n_thread++) {
        struct frames *frames = store();
        CHECK(moments_of_frames(frames, n_thread, other_mean, other_variance, &failure));
        frames_free(frames);
        if (n_thread == 1) {
            memcpy(mean, other_mean, sizeof mean);
            memcpy(variance, other_variance, sizeof variance);
        }
        CHECK(memcmp(other_mean, mean, sizeof mean) == 0);
        CHECK(memcmp(other_variance, variance, sizeof variance) == 0);
        shuffle(n_thread);
    }
    CHECK(mean[3] == 0 && variance[3] == 0);
    for (size_t d = 0; d < DIM; d++) {
        long double sum = 0, square = 0;
        for (size_t i = 0; i < N; i++) sum += (long double)x[i][d] / N;
        for (size_t i = 0; i < N; i++) square += (x[i][d] - sum) * (x[i][d] - sum) / N;
        CHECK(fabs(mean[d] - (double)sum) <= 1e-12 * fabs((double)sum));
        CHECK(fabs(variance[d] - (double)square) <= 1e-9 * (double)square);
    }
}

static void iterations_do_not_depend_on_the_order_of_frames(void)
{
    float start[K * DIM], expected[K * DIM], codeword[K * DIM];
    struct totals totals;
    draw_frames();
    memcpy(start, x, sizeof start);
    CHECK(totals_new(&totals, K, DIM));
    for (size_t n_thread = 1; n_thread <= THREADS_MOST; n_thread++) {
        struct lloyd lloyd = {.n_code = K, .iterations = 6, .n_thread = n_thread,
                              .memory = n_thread % 2 << 20};
        struct lloyd_state state = {0};
        enum lloyd_stop stop;
        struct frames *frames = store();
        memcpy(codeword, start, sizeof start);
        CHECK(lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
        if (n_thread == 1) memcpy(expected, codeword, sizeof expected);
        CHECK_BITS(codeword, expected, K * DIM);
        frames_free(frames);
        shuffle(n_thread);
    }
    totals_free(&totals);
}

static void distances_beyond_single_precision_are_refused(void)
{
    static float far[2][DIM];
    float codeword[DIM] = {-3e19f};
    struct totals totals;
    struct lloyd lloyd = {.n_code = 1, .n_thread = 1};
    struct lloyd_state state = {0};
    enum lloyd_stop stop;
    far[0][0] = 3e19f;
    float *copy = malloc(sizeof far);
    memcpy(copy, far, sizeof far);
    struct frames *frames = frames_of(copy, 2, DIM);
    CHECK(totals_new(&totals, 1, DIM));
    CHECK(!lloyd_run(frames, &lloyd, &state, codeword, &totals, &stop, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK(strstr(failure.text, "frames cannot be compared"));
    totals_free(&totals);
    frames_free(frames);
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(totals_of_pieces_in_any_order_are_the_same);
    RUN(transforms_learned_from_pieces_in_any_order_are_the_same);
    RUN(second_moments_are_those_of_real_numbers);
    RUN(mean_and_variance_do_not_depend_on_order_or_threads);
    RUN(iterations_do_not_depend_on_the_order_of_frames);
    RUN(distances_beyond_single_precision_are_refused);
    return check_done();
}

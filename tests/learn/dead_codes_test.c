/* SPDX-License-Identifier: MIT */
/* If this fails, codes that nothing chooses stay dead, or a report of their use is wrong. */
#include "tests/learn/near.h"
#include "tools/learn/code_usage.h"
#include "tools/learn/dead_codes.h"

static void dead_codes_choose_all_latents_equally_often(void)
{
    static const float x[] = {0, 1, 2, 3};
    const struct restart_options options = {.least = 1, .count = 10};
    int chosen[4] = {0};
    for (uint32_t part = 0; part < 4000; part++) {
        float codeword = 9;
        double count = 0, sum = 0;
        struct moving_codebook codebook = {1, 1, &codeword, &count, &sum};
        struct rng rng;
        rng_start(&rng, 1, RNG_RESTART, part);
        CHECK_EQ(dead_codes_restart(&codebook, &options, x, 4, &rng), 1);
        chosen[(int)codeword]++;
    }
    for (int i = 0; i < 4; i++) CHECK(chosen[i] > 900 && chosen[i] < 1100);
}

static void dead_codes_start_again_with_their_averages(void)
{
    enum { N = 4, D = 2, X = 3 };
    float codeword[N * D] = {9, 9, 0, 0, 8, 8, 1, 1};
    double count[N] = {.5, 20, 1.4999, 1.5}, sum[N * D] = {1, 1, 0, 0, 1, 1, 1, 1};
    static const float x[X * D] = {5, 6, 5, 7, 5, 8};
    struct moving_codebook codebook = {N, D, codeword, count, sum};
    const struct restart_options options = {.least = 1.5, .count = 10};
    struct rng rng;
    rng_start(&rng, 1, RNG_RESTART, 0);
    CHECK_EQ(dead_codes_restart(&codebook, &options, x, X, &rng), 2);
    for (int k = 0; k < N; k += 2) {
        CHECK(count[k] == 10);
        CHECK(codeword[k * D] == 5 && codeword[k * D + 1] >= 6);
        for (int d = 0; d < D; d++) CHECK(sum[k * D + d] == 10 * (double)codeword[k * D + d]);
    }
    CHECK(codeword[1] != codeword[2 * D + 1]);
    CHECK(count[1] == 20 && count[3] == 1.5 && codeword[D] == 0 && codeword[3 * D] == 1);
}

static void with_few_latents_some_codes_stay_dead(void)
{
    float codeword[3] = {9, 8, 7};
    double count[3] = {0, 0, 0}, sum[3] = {0};
    static const float x[] = {1, 2};
    struct moving_codebook codebook = {3, 1, codeword, count, sum};
    const struct restart_options options = {.least = 1.5, .count = 10};
    struct rng rng;
    rng_start(&rng, 1, RNG_RESTART, 0);
    CHECK_EQ(dead_codes_restart(&codebook, &options, x, 2, &rng), 2);
    CHECK(codeword[0] == 1 && codeword[1] == 2 && codeword[2] == 7);
}

static void perplexity_counts_codes_in_equal_use(void)
{
    static const uint32_t id[] = {0, 1, 1, 0, 3, 3, 0, 1, 3};
    struct code_usage usage;
    CHECK(code_usage_new(&usage, 5));
    CHECK_NEAR(code_usage_perplexity(&usage), 1, 1e-6);
    code_usage_add(&usage, id, 1, 9);
    CHECK_EQ(code_usage_used(&usage), 3);
    CHECK_NEAR(code_usage_perplexity(&usage), 3, 1e-5);
    code_usage_clear(&usage);
    CHECK_EQ(code_usage_used(&usage), 0);
    code_usage_free(&usage);
}

int main(void)
{
    RUN(dead_codes_choose_all_latents_equally_often);
    RUN(dead_codes_start_again_with_their_averages);
    RUN(with_few_latents_some_codes_stay_dead);
    RUN(perplexity_counts_codes_in_equal_use);
    return check_done();
}

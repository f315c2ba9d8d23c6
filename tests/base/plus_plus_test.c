/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/base/plus_plus.h"

enum { N = 6000, DIM = 2, CODES = 32 };

static struct failure failure;
static float x[N * DIM];

static bool start(uint32_t part, size_t n_thread, float *codeword)
{
    const struct plus_plus_request request = {.n_code = CODES, .n_thread = n_thread};
    struct plus_plus *sample;
    struct rng rng;
    rng_start(&rng, 1, RNG_SEEDING, part);
    if (!plus_plus_new(&sample, N, DIM, &failure)) return false;
    for (int i = 0; i < N; i++) plus_plus_put(sample, x + i * DIM);
    bool good = plus_plus_run(sample, &request, &rng, codeword, &failure);
    plus_plus_free(sample);
    return good;
}

/* Mean squared distance to the nearest codeword. */
static double distortion(const float *codeword)
{
    double sum = 0;
    for (int i = 0; i < N; i++) {
        float nearest = 1e9f;
        for (int k = 0; k < CODES; k++) {
            float a = x[i * DIM] - codeword[k * DIM];
            float b = x[i * DIM + 1] - codeword[k * DIM + 1];
            if (a * a + b * b < nearest) nearest = a * a + b * b;
        }
        sum += (double)nearest;
    }
    return sum / N;
}

/* In a square of side 1. One candidate gives .0078. */
static void of_several_candidates_the_best_is_taken(void)
{
    double sum = 0;
    for (uint32_t part = 0; part < 10; part++) {
        float codeword[CODES * DIM];
        CHECK(start(part, 1, codeword));
        sum += distortion(codeword) / 10;
    }
    CHECK(sum < .0070);
}

static void threads_change_nothing(void)
{
    float one[CODES * DIM], three[CODES * DIM];
    CHECK(start(0, 1, one) && start(0, 3, three));
    CHECK_BITS(three, one, CODES * DIM);
}

int main(void)
{
    struct rng rng;
    rng_start(&rng, 1, RNG_SAMPLE, 0);
    for (int i = 0; i < N * DIM; i++) x[i] = (float)rng_unit(&rng);
    RUN(of_several_candidates_the_best_is_taken);
    RUN(threads_change_nothing);
    return check_done();
}

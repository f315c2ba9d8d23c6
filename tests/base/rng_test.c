/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/base/hash_stream.h"

/* Blackman and Vigna's generator, as other programs print it for this state. */
static void it_is_xoshiro256_starstar(void)
{
    struct rng rng = {{1, 2, 3, 4}};
    static const uint64_t expected[] = {11520, 0, 1509978240, 1215971899390074240u};
    for (int i = 0; i < 4; i++) CHECK(rng_next(&rng) == expected[i]);
}

/* Who trained with a seed gets the same model from the next voq. */
static void a_seed_means_the_same_for_ever(void)
{
    struct rng rng;
    rng_start(&rng, 1, RNG_SEEDING, 0);
    CHECK(rng_next(&rng) == 12455065407203274945u);
    rng_start(&rng, 1, RNG_SAMPLE, 2);
    CHECK(rng_next(&rng) == 12344040024452377610u);
}

static void purposes_and_parts_have_streams_of_their_own(void)
{
    struct rng a, b, c, d;
    rng_start(&a, 1, RNG_SEEDING, 0);
    rng_start(&b, 1, RNG_SAMPLE, 0);
    rng_start(&c, 1, RNG_SEEDING, 1);
    rng_start(&d, 2, RNG_SEEDING, 0);
    uint64_t x = rng_next(&a), y = rng_next(&b), z = rng_next(&c), w = rng_next(&d);
    CHECK(x != y && x != z && x != w && y != z && y != w && z != w);
}

static void below_reaches_every_value_and_no_more(void)
{
    struct rng rng;
    int count[7] = {0};
    rng_start(&rng, 5, RNG_KEEP, 0);
    for (int i = 0; i < 70000; i++) {
        uint64_t x = rng_below(&rng, 7);
        CHECK(x < 7);
        count[x]++;
    }
    for (int i = 0; i < 7; i++) CHECK(count[i] > 9500 && count[i] < 10500);
    CHECK_EQ(rng_below(&rng, 1), 0);
}

static void unit_stays_below_one(void)
{
    struct rng rng = {{0, UINT64_MAX, 0, 0}};
    double sum = 0;
    for (int i = 0; i < 10000; i++) {
        double x = rng_unit(&rng);
        CHECK(x >= 0 && x < 1);
        sum += x;
    }
    CHECK(sum > 4800 && sum < 5200);
}

/* Splitmix64's published output for the start 1234567. */
static void a_number_by_index_is_that_of_the_sequence(void)
{
    struct hash_stream stream = {1234567};
    CHECK(hash_stream_at(&stream, 3) == 4593380528125082431u);
    CHECK(hash_stream_at(&stream, 0) == 6457827717110365317u);
    CHECK(hash_stream_at(&stream, 1) == 3203168211198807973u);
}

static void masks_leave_out_the_share_asked_for(void)
{
    enum { N = 100000 };
    struct hash_stream stream, other;
    hash_stream_start(&stream, 1, RNG_DROPOUT, 0);
    hash_stream_start(&other, 1, RNG_DROPOUT, 1);
    int n = 0, n_both = 0;
    for (uint64_t i = 0; i < N; i++) {
        bool out = hash_stream_unit(&stream, i) < .15f;
        n += out;
        n_both += out && hash_stream_unit(&other, i) < .15f;
    }
    CHECK(n > 14600 && n < 15400);
    CHECK(n_both > 2050 && n_both < 2450);
}

int main(void)
{
    RUN(it_is_xoshiro256_starstar);
    RUN(a_seed_means_the_same_for_ever);
    RUN(purposes_and_parts_have_streams_of_their_own);
    RUN(below_reaches_every_value_and_no_more);
    RUN(unit_stays_below_one);
    RUN(a_number_by_index_is_that_of_the_sequence);
    RUN(masks_leave_out_the_share_asked_for);
    return check_done();
}

/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/base/exact_sum.h"
#include "tools/base/rng.h"

#include <float.h>
#include <math.h>

enum { N = 10007, DIM = 19 };

static float x[N][DIM];
static size_t order[N];
static double scale[DIM];

/* Both signs, and magnitudes from 1 down to 2^-40; dimension 0 is 0 everywhere. */
static void draw_terms(struct rng *rng)
{
    float largest[DIM] = {0};
    rng_start(rng, 5, RNG_SAMPLE, 0);
    for (size_t i = 0; i < N; i++) {
        order[i] = i;
        for (size_t d = 1; d < DIM; d++)
            x[i][d] = (float)ldexp(2 * rng_unit(rng) - 1, -(int)rng_below(rng, 40));
        exact_largest(largest, x[i], DIM);
    }
    for (size_t d = 0; d < DIM; d++)
        scale[d] = exact_scale((double)largest[d], exact_bits(N));
}

static void shuffle(struct rng *rng)
{
    for (size_t i = N; i-- > 1;) {
        size_t k = (size_t)rng_below(rng, i + 1), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
}

/* Terms in the current order, dealt to parts that are added at the end. */
static void add_up(int64_t sum[DIM], size_t n_part)
{
    int64_t part[7][DIM] = {{0}};
    for (size_t i = 0; i < N; i++)
        exact_add_floats(part[i * i % n_part], x[order[i]], scale, DIM);
    memset(sum, 0, DIM * sizeof *sum);
    for (size_t p = n_part; p-- > 0;) exact_add(sum, part[p], DIM);
}

static void any_order_and_any_split_give_the_same_sums(void)
{
    struct rng rng;
    int64_t expected[DIM], sum[DIM];
    draw_terms(&rng);
    add_up(expected, 1);
    for (size_t n_part = 1; n_part <= 7; n_part++) {
        shuffle(&rng);
        add_up(sum, n_part);
        CHECK(memcmp(sum, expected, sizeof sum) == 0);
    }
}

/* Error: half a unit per term, and 2^-bits of the largest magnitude is half a unit or more. */
static void sums_are_those_of_real_numbers_but_for_the_rounding_of_terms(void)
{
    struct rng rng;
    int64_t sum[DIM];
    draw_terms(&rng);
    add_up(sum, 3);
    CHECK(sum[0] == 0 && scale[0] == 1);
    for (size_t d = 1; d < DIM; d++) {
        long double real = 0;
        float largest = 0;
        int64_t whole = 0;
        for (size_t i = 0; i < N; i++) {
            real += (long double)x[i][d];
            whole += llrint((double)x[i][d] * scale[d]);
            largest = fmaxf(largest, fabsf(x[i][d]));
        }
        CHECK(sum[d] == whole);
        long double error = fabsl((long double)exact_value(sum[d], scale[d]) - real);
        CHECK(error <= N * ldexpl((long double)largest, -exact_bits(N)));
        CHECK(exact_bits(N) >= EXACT_BITS_LEAST);
    }
}

static void the_largest_sum_fits_for_every_number_of_terms(void)
{
    static const float largest[] = {FLT_MAX, 1, 0x1.fffffep-1f, 3, 1e-30f, FLT_MIN, 0x1p-149f};
    CHECK_EQ(exact_bits(EXACT_TERMS_MOST), EXACT_BITS_LEAST);
    CHECK_EQ(exact_bits(1), EXACT_BITS_MOST);
    for (uint64_t n = 1; n <= EXACT_TERMS_MOST; n *= 2) {
        int bits = exact_bits(n);
        CHECK(bits >= EXACT_BITS_LEAST && bits <= EXACT_BITS_MOST);
        CHECK(n <= (uint64_t)1 << (62 - bits));
        for (size_t i = 0; i < sizeof largest / sizeof *largest; i++) {
            double unit = exact_scale((double)largest[i], bits);
            int64_t term = exact_round((double)largest[i], unit);
            CHECK(term <= (int64_t)1 << bits && term >= (int64_t)1 << (bits - 1));
            CHECK(exact_round((double)-largest[i], unit) == -term);
            CHECK(fabs(exact_value(term, unit) - (double)largest[i]) <=
                  ldexp((double)largest[i], -bits));
        }
    }
}

static void halves_are_rounded_to_even_numbers(void)
{
    static const double value[] = {0.5, 1.5, 2.5, -0.5, -1.5, 0.49999, -2.50001, 0};
    static const int64_t expected[] = {0, 2, 2, 0, -2, 0, -3, 0};
    for (size_t i = 0; i < sizeof value / sizeof *value; i++)
        CHECK_EQ(exact_round(value[i], 1), expected[i]);
}

static void magnitudes_of_parts_combine_to_those_of_the_whole(void)
{
    float whole[2] = {0}, first[2] = {0}, second[2] = {0};
    static const float terms[][2] = {{1, -7}, {-3, 2}, {0, 0}};
    for (int i = 0; i < 3; i++) exact_largest(whole, terms[i], 2);
    exact_largest(first, terms[0], 2);
    exact_largest(second, terms[1], 2);
    exact_largest(second, first, 2);
    CHECK(whole[0] == 3 && whole[1] == 7);
    CHECK(second[0] == whole[0] && second[1] == whole[1]);
}

#ifdef __SIZEOF_INT128__

__extension__ typedef __int128 reference;

static int32_t a[EXACT_PRODUCT_TERMS], b[2][EXACT_PRODUCT_TERMS];

static reference product_sum(const int32_t *p, const int32_t *q)
{
    reference sum = 0;
    for (int i = 0; i < EXACT_PRODUCT_TERMS; i++) sum += (reference)p[i] * q[i];
    return sum;
}

static void fill(struct rng *rng, int32_t *p, bool extreme)
{
    enum { MOST = 1 << EXACT_BITS_LEAST };
    for (int i = 0; i < EXACT_PRODUCT_TERMS; i++)
        p[i] = extreme ? MOST : (int32_t)rng_below(rng, 2 * (uint64_t)MOST + 1) - MOST;
}

static void check_products(bool extreme, bool negative)
{
    struct rng rng;
    struct exact_pair sum[2] = {{0}}, part[2] = {{0}};
    reference expected[2] = {0};
    rng_start(&rng, 3, RNG_SAMPLE, 1);
    for (int round = 0; round < 3000; round++) {
        fill(&rng, a, extreme);
        fill(&rng, b[0], extreme);
        fill(&rng, b[1], extreme);
        if (negative)
            for (int i = 0; i < EXACT_PRODUCT_TERMS; i++) a[i] = -a[i];
        exact_add_products(round % 3 ? sum : part, a, (const int32_t(*)[EXACT_PRODUCT_TERMS])b, 2);
        for (int k = 0; k < 2; k++) expected[k] += product_sum(a, b[k]);
    }
    exact_add((int64_t *)sum, (const int64_t *)part, 4);
    for (int k = 0; k < 2; k++) {
        CHECK((reference)sum[k].high * ((int64_t)1 << 32) + sum[k].low == expected[k]);
        double value = exact_pair_value(sum[k], 4, 0.5);
        CHECK(fabs(value - (double)expected[k] / 2) <= 1e-15 * fabs(value));
    }
}

static void sums_of_products_are_those_of_128_bits(void)
{
    check_products(false, false);
    check_products(true, false);
    check_products(true, true);
}

/* 47 thousand hours: the bounds of exact_sum.h, reached without adding for a day. */
static void the_largest_sum_of_products_fits(void)
{
    struct exact_pair sum[1] = {{0}};
    fill(NULL, a, true);
    exact_add_products(sum, a, (const int32_t(*)[EXACT_PRODUCT_TERMS])a, 1);
    for (uint64_t n = EXACT_PRODUCT_TERMS; n < EXACT_TERMS_MOST; n *= 2) {
        struct exact_pair again = *sum;
        exact_add((int64_t *)sum, (const int64_t *)&again, 2);
    }
    CHECK(exact_pair_value(*sum, 1, 1) == ldexp(1, 34 + 56));
}

#endif

static void equal_sums_have_equal_values_whatever_their_parts(void)
{
    const struct exact_pair once = {.high = -5, .low = 7};
    const struct exact_pair parts = {.high = -8, .low = 3 * ((int64_t)1 << 32) + 7};
    CHECK(exact_pair_value(once, 3, 7) == exact_pair_value(parts, 3, 7));
}

int main(void)
{
    RUN(any_order_and_any_split_give_the_same_sums);
    RUN(sums_are_those_of_real_numbers_but_for_the_rounding_of_terms);
    RUN(the_largest_sum_fits_for_every_number_of_terms);
    RUN(halves_are_rounded_to_even_numbers);
    RUN(magnitudes_of_parts_combine_to_those_of_the_whole);
    RUN(equal_sums_have_equal_values_whatever_their_parts);
#ifdef __SIZEOF_INT128__
    RUN(sums_of_products_are_those_of_128_bits);
    RUN(the_largest_sum_of_products_fits);
#endif
    return check_done();
}

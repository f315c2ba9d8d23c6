/* SPDX-License-Identifier: MIT */
/* If this fails, a front end written as text and read back is another one. */
#include "src/frontend/decimal.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static bool survives(float x)
{
    char text[32];
    double back = NAN;
    voq_decimal_write(x, text);
    if (voq_decimal_read(text, &back) && (float)back == x && strtof(text, NULL) == x) return true;
    printf("# %a as %s\n", (double)x, text);
    return false;
}

static void every_float_is_written_so_that_it_reads_back(void)
{
    uint64_t seed = 1;
    static const float edges[] = {
        0.0f,        1.0f, -1.0f, FLT_MAX, -FLT_MAX,   FLT_MIN, 1e-45f, 1e-40f, FLT_EPSILON,
        16777216.0f, 0.1f, 0.97f, 1e6f,    9999999.0f, 1e7f,    1e10f,  1e-10f, 123456.7f};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) CHECK(survives(edges[i]));
    for (int i = 0; i < 300000; i++) CHECK(survives(random_finite(&seed)));
    for (int i = 0; i < 100000; i++) CHECK(survives((float)random_below(&seed, 1000000) / 1000.0f));
}

static void what_is_short_is_written_short(void)
{
    static const struct {
        float x;
        const char *text;
    } known[] = {{0.97f, "0.97"}, {20.0f, "20"}, {0.0f, "0"}, {-400.0f, "-400"}, {22.5f, "22.5"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[32];
        voq_decimal_write(known[i].x, text);
        CHECK_STR(text, known[i].text);
    }
}

static void what_is_no_number_is_refused(void)
{
    static const char *bad[] = {
        "",  " ", "1 ",  " 1",    "1,5",         "0x10", "nan",  "inf", "1e",    "1e+",
        ".", "-", "+-1", "1.2.3", "1e999999999", "--1",  "1e5x", "e5",  "1_000", "1e400"};
    double value;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (voq_decimal_read(bad[i], &value)) printf("# \"%s\"\n", bad[i]);
        CHECK(!voq_decimal_read(bad[i], &value));
    }
}

static void decimals_are_read_as_the_c_library_reads_them(void)
{
    uint64_t seed = 2;
    for (int i = 0; i < 100000; i++) {
        char text[64];
        double value;
        snprintf(text, sizeof text, "%.*g", 1 + (int)random_below(&seed, 12),
                 (double)random_finite(&seed));
        CHECK(voq_decimal_read(text, &value));
        CHECK(fabs(value - strtod(text, NULL)) <= 1e-14 * fabs(value));
    }
}

int main(void)
{
    RUN(every_float_is_written_so_that_it_reads_back);
    RUN(what_is_short_is_written_short);
    RUN(what_is_no_number_is_refused);
    RUN(decimals_are_read_as_the_c_library_reads_them);
    return check_done();
}

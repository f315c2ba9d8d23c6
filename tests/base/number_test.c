/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/number.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

static void an_id_is_digits_only(void)
{
    static const char *const bad[] = {"",   "+1", "-1",  " 1",  "1 ",
                                      "0x1", "1.", "1e3", "4294967296"};
    uint32_t value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!parse_u32(bad[i], &value));
    CHECK_EQ(value, 7);
    CHECK(parse_u32("4294967295", &value));
    CHECK_EQ(value, UINT32_MAX);
    CHECK(parse_u32("007", &value));
    CHECK_EQ(value, 7);
}

static void a_count_too_large_for_64_bits_is_refused(void)
{
    uint64_t value = 0;
    CHECK(parse_u64("18446744073709551615", &value));
    CHECK(value == UINT64_MAX);
    CHECK(!parse_u64("18446744073709551616", &value));
    CHECK(!parse_u64("99999999999999999999999", &value));
}

static void a_decimal_number_is_read_to_the_last_bit(void)
{
    double value;
    CHECK(parse_double("0.1", &value) && value == 0.1);
    CHECK(parse_double("-2.5e-3", &value) && value == -2.5e-3);
    CHECK(parse_double(".5", &value) && value == 0.5);
    CHECK(parse_double("+5.", &value) && value == 5.0);
    CHECK(parse_double("9007199254740993", &value) && value == 9007199254740992.0);
    CHECK(parse_double("4.9e-324", &value) && value == 4.9e-324);
}

static void what_is_not_a_decimal_number_is_refused(void)
{
    static const char *const bad[] = {"",    ".",   "e5",    "1e",   "1e+", "inf",  "nan", "0x10",
                                      "1,5", " 1",  "1 ",    "--1",  "1..2", "1e999", "-1e999"};
    double value;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!parse_double(bad[i], &value));
}

static void seconds_become_microseconds_without_rounding_twice(void)
{
    static const struct {
        const char *text;
        int64_t us;
    } good[] = {{"0", 0},
                {"0.02", 20000},
                {"1.0000005", 1000001},
                {"1.00000049999999999", 1000000},
                {".5", 500000},
                {"5.", 5000000},
                {"-1", -1000000},
                {"999999999.999999", 999999999999999},
                {"0.1234567", 123457},
                {"+0.5", 500000},
                {"-.5", -500000},
                {"5e-05", 50},
                {"1E3", 1000000000},
                {"1.5e+1", 15000000},
                {"1.1102230246251565e-16", 0},
                {"-1.1102230246251565e-16", 0},
                {"-0", 0},
                {"-4.9e-7", 0},
                {"-5e-7", -1},
                {"5e-7", 1},
                {".5E-6", 1},
                {"50e-8", 1},
                {"49999999999e-17", 0},
                {"5e-8", 0},
                {"0.0000014999999999999999999999999999999999999", 1},
                {"0.00000149999999999999999999999999999999999995", 1},
                {"0.0000015", 2},
                {"0000000000000000000000000.1e0000000000000000000000001", 1000000},
                {"0e99999999999999999999", 0},
                {"1e-99999999999999999999", 0},
                {"9999999999e-1", 999999999900000}};
    int64_t us;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CHECK(parse_microseconds(good[i].text, &us));
        CHECK_EQ(us, good[i].us);
    }
    static const char *const bad[] = {
        "",  ".", "1000000000", "1e",  "1s",  "- 1", "0x1",  "1e9", "-1e9", "inf", "nan", "1e+",
        "+", "-", "e5",         "+-1", "1,5", "1..", "1e5.", "1 ",  " 1",
        "1e99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!parse_microseconds(bad[i], &us));
}

static void a_time_of_a_million_digits_is_exact(void)
{
    enum { N = 1000000 };
    static char text[N + 40];
    int64_t us;
    memset(text, '0', N);
    strcpy(text + N, "1e1");
    text[1] = '.';
    CHECK(parse_microseconds(text, &us));
    CHECK_EQ(us, 0);
    snprintf(text + N, 40, "1e%d", N - 1); /* the 1 is N - 1 places behind the point */
    CHECK(parse_microseconds(text, &us));
    CHECK_EQ(us, 1000000);
    memset(text, '9', N);
    snprintf(text + N, 40, "e-%d", N);
    CHECK(parse_microseconds(text, &us));
    CHECK_EQ(us, 1000000);
    text[N] = '\0';
    CHECK(!parse_microseconds(text, &us));
}

static void a_frame_boundary_is_the_rounded_quotient(void)
{
    CHECK_EQ(frame_microseconds(5, 160, 16000), 50000);
    CHECK_EQ(frame_microseconds(1, 1, 3), 333333);
    CHECK_EQ(frame_microseconds(2, 1, 3), 666667);
    CHECK_EQ(frame_microseconds(1, 1, 2000000), 1); /* half goes up */
    /* 30 years of 10 ms frames at 44,100 Hz: the product in microseconds passes 64 bits */
    CHECK(frame_microseconds(94672800000ull, 441, 44100) == 946728000000000ull);
}

static void times_have_six_decimals(void)
{
    char text[32];
    CHECK_EQ(format_microseconds(text, 20000), 8);
    CHECK_STR(text, "0.020000");
    format_microseconds(text, 3600000001);
    CHECK_STR(text, "3600.000001");
}

static void a_float_survives_its_text(void)
{
    static const float values[] = {0.1f, 1.17549435e-38f, 3.40282347e38f, -1.0f / 3, 1e-45f};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char text[32];
        double back;
        CHECK(format_float(text, values[i]) == strlen(text));
        CHECK(parse_double(text, &back));
        CHECK((float)back == values[i]);
        format_double(text, (double)values[i] / 3);
        CHECK(parse_double(text, &back));
        CHECK(back == (double)values[i] / 3);
    }
}

static void a_comma_locale_changes_no_number(void)
{
    char text[32];
    double value;
    char command[200];
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 '%s' >/dev/null 2>&1",
             scratch("de_DE.UTF-8"));
    setenv("LOCPATH", scratch_folder, 1);
    if (system(command) != 0 || !setlocale(LC_ALL, "de_DE.UTF-8"))
        SKIP("no localedef or no source of the locale de_DE: install the package locales");
    snprintf(text, sizeof text, "%.1f", 1.5);
    CHECK_STR(text, "1,5");
    CHECK(parse_double("2.5", &value) && value == 2.5);
    format_double(text, 2.5);
    CHECK_STR(text, "2.5");
    snprintf(text, sizeof text, "%.1f", 1.5); /* the caller's locale is still there */
    CHECK_STR(text, "1,5");
    setlocale(LC_ALL, "C");
}

static void a_double_is_written_in_the_fewest_digits_that_read_back(void)
{
    static const struct {
        double value;
        const char *text;
    } claim[] = {{1e-5, "1e-05"}, {0.1, "0.1"}, {1.0 / 3, "0.3333333333333333"},
                 {5e-324, "4.94065645841247e-324"}, {0.1 + 0.2, "0.30000000000000004"}};
    for (size_t i = 0; i < sizeof claim / sizeof *claim; i++) {
        char text[32];
        double again;
        format_double(text, claim[i].value);
        CHECK_STR(text, claim[i].text);
        CHECK(parse_double(text, &again) && again == claim[i].value);
    }
}

int main(void)
{
    RUN(a_double_is_written_in_the_fewest_digits_that_read_back);
    if (!scratch_begin()) return 99;
    RUN(an_id_is_digits_only);
    RUN(a_count_too_large_for_64_bits_is_refused);
    RUN(a_decimal_number_is_read_to_the_last_bit);
    RUN(what_is_not_a_decimal_number_is_refused);
    RUN(seconds_become_microseconds_without_rounding_twice);
    RUN(a_time_of_a_million_digits_is_exact);
    RUN(a_frame_boundary_is_the_rounded_quotient);
    RUN(times_have_six_decimals);
    RUN(a_float_survives_its_text);
    RUN(a_comma_locale_changes_no_number);
    return check_done();
}

/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* strtod_l */
#include "tools/base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Microseconds: 31 years. */
static const int64_t LEAST_TOO_LONG = INT64_C(1000000000) * 1000000;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *text)
{
    while (is_digit(*text)) text++;
    return text;
}

bool parse_u64(const char *text, uint64_t *value)
{
    if (!is_digit(*text)) return false;
    uint64_t v = 0;
    for (; is_digit(*text); text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        if (v > (UINT64_MAX - digit) / 10) return false;
        v = 10 * v + digit;
    }
    if (*text) return false;
    *value = v;
    return true;
}

bool parse_u32(const char *text, uint32_t *value)
{
    uint64_t v;
    if (!parse_u64(text, &v) || v > UINT32_MAX) return false;
    *value = (uint32_t)v;
    return true;
}

static bool is_decimal_number(const char *text)
{
    if (*text == '+' || *text == '-') text++;
    const char *fraction = skip_digits(text);
    size_t n_digit = (size_t)(fraction - text);
    if (*fraction == '.') {
        text = skip_digits(fraction + 1);
        n_digit += (size_t)(text - fraction - 1);
    } else {
        text = fraction;
    }
    if (n_digit == 0) return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        if (*text == '+' || *text == '-') text++;
        if (!is_digit(*text)) return false;
        text = skip_digits(text);
    }
    return *text == '\0';
}

bool parse_double(const char *text, double *value)
{
    if (!is_decimal_number(text)) return false;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c) return false;
    double v = strtod_l(text, NULL, c);
    freelocale(c);
    if (!isfinite(v)) return false;
    *value = v;
    return true;
}

/* Reads the exponent at text, such as "e-05" or nothing. No number has more digits than the
   bound. */
static int64_t exponent_of(const char *text)
{
    const int64_t bound = INT64_C(1) << 60;
    int64_t exponent = 0;
    if (*text == '\0') return 0;
    bool negative = text[1] == '-';
    for (text += text[1] == '-' || text[1] == '+' ? 2 : 1; *text; text++)
        if (exponent < bound / 16) exponent = 10 * exponent + (*text - '0');
    return negative ? -exponent : exponent;
}

bool parse_microseconds(const char *text, int64_t *us)
{
    if (!is_decimal_number(text)) return false;
    bool negative = *text == '-';
    if (*text == '+' || *text == '-') text++;
    const char *point = skip_digits(text);
    const char *end = *point == '.' ? skip_digits(point + 1) : point;
    /* The place of a digit: it counts 10^place microseconds. */
    int64_t place = point - text - 1 + 6 + exponent_of(end);
    int64_t v = 0;
    for (; text < end && place >= 0 && v < LEAST_TOO_LONG; text++) {
        if (*text == '.') continue;
        v = 10 * v + (*text - '0');
        place--;
    }
    for (; v > 0 && place >= 0 && v < LEAST_TOO_LONG; place--) v *= 10;
    if (v >= LEAST_TOO_LONG) return false;
    if (*text == '.') text++;
    if (text < end && place == -1) v += *text >= '5';
    *us = negative ? -v : v;
    return true;
}

uint64_t frame_microseconds(uint64_t i, uint32_t hop_samples, uint32_t rate_hz)
{
    /* Whole seconds are counted apart, so that nothing overflows unless i * hop does. */
    uint64_t sample = i * hop_samples;
    uint64_t rest = sample % rate_hz;
    return sample / rate_hz * 1000000 + (rest * 1000000 + rate_hz / 2) / rate_hz;
}

size_t format_microseconds(char *text, uint64_t us)
{
    return (size_t)snprintf(text, 32, "%llu.%06u", (unsigned long long)(us / 1000000),
                            (unsigned)(us % 1000000));
}

static size_t format_general(char *text, int digits, double value)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = c ? uselocale(c) : (locale_t)0;
    int length = snprintf(text, 32, "%.*g", digits, value);
    if (c) {
        uselocale(before);
        freelocale(c);
    }
    return (size_t)length;
}

size_t format_float(char *text, float value)
{
    return format_general(text, 9, (double)value);
}

size_t format_double(char *text, double value)
{
    size_t length = 0;
    double read;
    for (int digits = 15; digits <= 17; digits++) {
        length = format_general(text, digits, value);
        if (parse_double(text, &read) && read == value) break;
    }
    return length;
}

void format_hex(char *text, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* SPDX-License-Identifier: MIT */
#include "src/frontend/decimal.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

static double times_power_of_ten(double x, int exponent)
{
    for (; exponent > 22; exponent -= 22) x *= 1e22;
    for (; exponent < -22; exponent += 22) x /= 1e22;
    double power = 1.0;
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); i++) power *= 10.0;
    return exponent < 0 ? x / power : x * power;
}

static const char *read_exponent(const char *p, int *exponent)
{
    bool negative = *p == '-';
    if (*p == '-' || *p == '+') p++;
    int value = 0;
    if (*p < '0' || *p > '9') return NULL;
    for (; *p >= '0' && *p <= '9'; p++)
        if (value < 1000) value = value * 10 + (*p - '0');
    *exponent += negative ? -value : value;
    return p;
}

bool voq_decimal_read(const char *text, double *value)
{
    const char *p = text;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+') p++;
    double mantissa = 0.0;
    int exponent = 0, n_digit = 0;
    bool fraction = false;
    for (; (*p >= '0' && *p <= '9') || (*p == '.' && !fraction); p++) {
        if (*p == '.') {
            fraction = true;
            continue;
        }
        n_digit++;
        bool keep = mantissa < 1e15;
        if (keep) mantissa = mantissa * 10.0 + (*p - '0');
        exponent += (keep ? 0 : 1) - (fraction ? 1 : 0);
    }
    if (n_digit == 0) return false;
    if (*p == 'e' || *p == 'E') p = read_exponent(p + 1, &exponent);
    if (!p || *p) return false;
    double x = times_power_of_ten(mantissa, exponent);
    if (!(x <= DBL_MAX)) return false;
    *value = negative ? -x : x;
    return true;
}

static uint64_t power_of_ten(int n)
{
    uint64_t power = 1;
    for (; n > 0; n--) power *= 10;
    return power;
}

/* digits * 10^exponent as people write it: 32768, 0.97, 1.1920929e-7. */
static void print_digits(bool negative, uint64_t digits, int exponent, char *text)
{
    const char *sign = negative ? "-" : "";
    int n_after = 0; /* digits after the first */
    for (; digits && digits % 10 == 0; digits /= 10) exponent++;
    while (digits >= power_of_ten(n_after + 1)) n_after++;
    int magnitude = exponent + n_after;
    if (exponent >= 0 && magnitude <= 9) {
        snprintf(text, 32, "%s%llu", sign, (unsigned long long)(digits * power_of_ten(exponent)));
    } else if (exponent < 0 && magnitude >= -4) {
        uint64_t unit = power_of_ten(-exponent);
        int width = -exponent & 15; /* never above 13; so the compiler sees that it fits */
        snprintf(text, 32, "%s%u.%0*u", sign, (unsigned)(digits / unit), width,
                 (unsigned)(digits % unit));
    } else {
        char all[24];
        snprintf(all, sizeof all, "%llu", (unsigned long long)digits);
        snprintf(text, 32, "%s%c%s%.8se%d", sign, all[0], n_after ? "." : "", all + 1, magnitude);
    }
}

void voq_decimal_write(float value, char *text)
{
    double x = fabs((double)value);
    if (x == 0.0) {
        print_digits(signbit(value), 0, 0, text);
        return;
    }
    int magnitude = (int)floor(log10(x));
    for (int n_digit = 1; n_digit <= 9; n_digit++) {
        int exponent = magnitude - n_digit + 1;
        double digits = floor(times_power_of_ten(x, -exponent) + 0.5), back;
        print_digits(value < 0.0f, (uint64_t)digits, exponent, text);
        if (voq_decimal_read(text, &back) && (float)back == value) return;
    }
}

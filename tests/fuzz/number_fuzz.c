/* SPDX-License-Identifier: MIT */
/* Any text as a number: microseconds are what the correctly rounded double says, to a half. */
#include "tools/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void compare(const char *text)
{
    int64_t us = -1;
    double seconds;
    bool is_time = parse_microseconds(text, &us);
    bool is_number = parse_double(text, &seconds);
    if (!is_number && is_time) abort();
    if (!is_number) return;
    if (!is_time && fabs(seconds) < 999999999.9999) abort();
    if (!is_time) return;
    if (us > INT64_C(1000000000000000) || us < -INT64_C(1000000000000000)) abort();
    double expected = seconds * 1e6, slack = fabs(expected) * 0x1p-50;
    if (fabs((double)us - expected) > 0.5 + slack) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint64_t count;
    uint32_t id;
    char *text = malloc(n + 1);
    if (!text) abort();
    if (n > 0) memcpy(text, data, n);
    text[n] = '\0';
    compare(text);
    if (parse_u32(text, &id) && (!parse_u64(text, &count) || count != id)) abort();
    free(text);
    return 0;
}

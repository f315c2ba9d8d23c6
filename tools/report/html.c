/* SPDX-License-Identifier: MIT */
#include "tools/report/html.h"

#include "tools/base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    }
    return NULL;
}

void html_text(FILE *file, const char *text)
{
    const char *end = text + strlen(text);
    while (text < end) {
        size_t n = utf8_length(text, end);
        if (entity(*text)) fputs(entity(*text), file);
        else utf8_write_harmless(file, text, n ? n : 1);
        text += n ? n : 1;
    }
}

void html_number(FILE *file, double value, int decimals)
{
    if (isfinite(value)) fprintf(file, "%.*f", decimals, value);
    else fputs("\xe2\x80\x93", file);
}

void html_count(FILE *file, uint64_t value)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) fputs("\xe2\x80\xaf", file);
        fputc(digits[i], file);
    }
}

void html_colour(FILE *file, uint32_t rgb)
{
    fprintf(file, "#%06" PRIx32, rgb & 0xffffff);
}

static void put_digits(struct base64 *base64, uint32_t bits, unsigned n_digit)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (unsigned i = 0; i < n_digit; i++)
        fputc(digit[bits >> (18 - 6 * i) & 63], base64->file);
}

void base64_put(struct base64 *base64, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++) {
        base64->bits = base64->bits << 8 | at[i];
        if (++base64->n < 3) continue;
        put_digits(base64, base64->bits, 4);
        base64->n = base64->bits = 0;
    }
}

void base64_end(struct base64 *base64)
{
    if (base64->n == 1) put_digits(base64, base64->bits << 16, 2);
    if (base64->n == 2) put_digits(base64, base64->bits << 8, 3);
    for (unsigned i = base64->n; base64->n > 0 && i < 3; i++) fputc('=', base64->file);
    base64->n = base64->bits = 0;
}

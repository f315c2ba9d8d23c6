/* SPDX-License-Identifier: MIT */
#include "tools/base/utf8.h"

#include <stdbool.h>
#include <string.h>

size_t utf8_encode(uint32_t code, char *out)
{
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(lead[n] | code);
    return n;
}

/* Decodes the n bytes at text, which are one character. */
static uint32_t decode(const char *text, size_t n)
{
    if (n <= 1) return (unsigned char)*text;
    uint32_t code = (unsigned char)*text & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) code = code << 6 | ((unsigned char)text[i] & 0x3F);
    return code;
}

size_t utf8_length(const char *text, const char *end)
{
    unsigned char first = (unsigned char)*text;
    size_t n = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (n <= 1) return n;
    if (first > 0xF4 || (size_t)(end - text) < n) return 0;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80) return 0;
    uint32_t code = decode(text, n);
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return 0;
    char shortest[4];
    return utf8_encode(code, shortest) == n && memcmp(shortest, text, n) == 0 ? n : 0;
}

static bool is_space(uint32_t code)
{
    if (code < 0x80) return code == ' ' || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
    return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
           code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

char *utf8_strip(char *text)
{
    char *start = text, *end = text; /* after the last character that is no space */
    for (const char *stop = text + strlen(text); text < stop;) {
        size_t n = utf8_length(text, stop);
        bool is_blank = n > 0 && is_space(decode(text, n));
        text += n ? n : 1;
        if (!is_blank) end = text;
        else if (start == end) start = end = text;
    }
    *end = '\0';
    return start;
}

static bool is_obeyed(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } range[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},   {0x200E, 0x200F},
        {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
    };
    for (size_t i = 0; i < sizeof range / sizeof *range; i++)
        if (code >= range[i].first && code <= range[i].last) return true;
    return false;
}

/* Returns the *n bytes of the next character, or "?" for one that must not be shown. */
static const char *harmless(const char *text, const char *end, size_t *n)
{
    size_t length = utf8_length(text, end);
    *n = length ? length : 1;
    return length == 0 || is_obeyed(decode(text, length)) ? "?" : NULL;
}

void utf8_make_harmless(char *text)
{
    const char *end = text + strlen(text);
    char *to = text;
    for (size_t n; text < end; text += n) {
        const char *instead = harmless(text, end, &n);
        size_t n_to = instead ? 1 : n;
        memmove(to, instead ? instead : text, n_to);
        to += n_to;
    }
    *to = '\0';
}

void utf8_write_harmless(FILE *file, const char *text, size_t n)
{
    const char *end = text + n;
    for (size_t k; text < end; text += k) {
        const char *instead = harmless(text, end, &k);
        fwrite(instead ? instead : text, 1, instead ? 1 : k, file);
    }
}

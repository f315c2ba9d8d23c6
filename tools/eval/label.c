/* SPDX-License-Identifier: MIT */
#include "tools/eval/label.h"

#include "tools/base/utf8.h"

#include <stddef.h>
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

void label_clean(char *label)
{
    const char *stripped = utf8_strip(label);
    size_t n = strlen(stripped);
    memmove(label, stripped, n + 1);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)label[i] < ' ' || label[i] == 0x7F) label[i] = ' ';
    if (n >= 2 && label[n - 2] == '_' && strchr("BIES", label[n - 1])) n -= 2;
    if (n >= 2 && label[n - 1] >= '0' && label[n - 1] <= '2' && is_letter(label[n - 2])) n--;
    label[n] = '\0';
}

static bool equal_ignoring_case(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) a++, b++;
    return *a == *b;
}

bool label_is_silence(const char *label)
{
    static const char *const silence[] = {"",   "sil", "sp",  "spn",   "nsn",   "pau",
                                          "h#", "#h",  "epi", "<eps>", "<sil>", "<p:>"};
    for (size_t i = 0; i < sizeof silence / sizeof *silence; i++)
        if (equal_ignoring_case(label, silence[i])) return true;
    return false;
}

/* SPDX-License-Identifier: MIT */
#include "tools/base/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keep_both_ends(char *text, size_t size, const char *whole, size_t length)
{
    static const char cut[] = " ... ";
    size_t room = size - sizeof cut; /* without the final zero of text */
    size_t head = room / 2, tail = room - head;
    memcpy(text, whole, head);
    memcpy(text + head, cut, sizeof cut - 1);
    memcpy(text + head + sizeof cut - 1, whole + length - tail, tail + 1);
}

void failure_set(struct failure *failure, enum exit_code code, const char *format, va_list values)
{
    va_list again;
    va_copy(again, values);
    failure->code = code;
    int length = vsnprintf(failure->text, sizeof failure->text, format, values);
    if (length >= (int)sizeof failure->text) {
        char *whole = malloc((size_t)length + 1);
        if (whole) {
            vsnprintf(whole, (size_t)length + 1, format, again);
            keep_both_ends(failure->text, sizeof failure->text, whole, (size_t)length);
            free(whole);
        }
    }
    va_end(again);
}

bool failure_say(struct failure *failure, enum exit_code code, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    failure_set(failure, code, format, values);
    va_end(values);
    return false;
}

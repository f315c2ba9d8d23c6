/* SPDX-License-Identifier: MIT */
#include "tools/eval/fields.h"

#include <string.h>

static const char blanks[] = " \t";

size_t split_fields(char *line, char **field, size_t capacity)
{
    size_t n = 0;
    for (;;) {
        line += strspn(line, blanks);
        if (!*line) return n;
        if (n < capacity) field[n] = line;
        n++;
        line += strcspn(line, blanks);
        if (*line) *line++ = '\0';
    }
}

bool is_blank(const char *line)
{
    return !line[strspn(line, blanks)];
}

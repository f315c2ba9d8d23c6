/* SPDX-License-Identifier: MIT */
#include "tools/command/model_card.h"

#include "tools/base/line_reader.h"
#include "tools/base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool card_path(const char *model_path, char *card, size_t capacity)
{
    struct stat status;
    size_t n = strlen(model_path);
    if (n < 4) return false;
    int length = snprintf(card, capacity, "%.*s.md", (int)n - 4, model_path);
    return length > 0 && (size_t)length < capacity && stat(card, &status) == 0 &&
           S_ISREG(status.st_mode);
}

/* Whether a line is "| what | value | ..." */
static bool take_row(char *line, const char *what, char *value, size_t capacity)
{
    char *bar[3] = {line};
    for (int i = 1; i < 3; i++)
        if (*line != '|' || !(bar[i] = strchr(bar[i - 1] + 1, '|'))) return false;
    for (int i = 1; i < 3; i++) *bar[i] = '\0';
    if (strcmp(utf8_strip(bar[0] + 1), what) != 0) return false;
    snprintf(value, capacity, "%s", utf8_strip(bar[1] + 1));
    return true;
}

bool model_card_value(const char *model_path, const char *what, char *value, size_t capacity)
{
    char path[8192];
    struct line_reader *lines;
    struct failure ignored;
    char *line;
    size_t length;
    bool found = false;
    if (!card_path(model_path, path, sizeof path) || !line_reader_open(&lines, path, &ignored))
        return false;
    while (!found && line_reader_next(lines, &line, &length, &ignored) && line)
        found = take_row(line, what, value, capacity);
    line_reader_close(lines);
    return found;
}

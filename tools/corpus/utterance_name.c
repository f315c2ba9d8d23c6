/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_name.h"

#include <string.h>

static struct text_part folder_name(const char *path)
{
    const char *end = strrchr(path, '/');
    while (end && end > path && end[-1] == '/') end--;
    if (!end || end == path) return (struct text_part){NULL, 0};
    const char *start = end;
    while (start > path && start[-1] != '/') start--;
    size_t length = (size_t)(end - start);
    bool is_place = (length == 1 && start[0] == '.') ||
                    (length == 2 && start[0] == '.' && start[1] == '.');
    return is_place ? (struct text_part){NULL, 0} : (struct text_part){start, length};
}

struct text_part name_speaker(struct text_part name, const char *path)
{
    const char *dash = memchr(name.start, '-', name.length);
    if (dash && dash > name.start)
        return (struct text_part){name.start, (size_t)(dash - name.start)};
    return path ? folder_name(path) : (struct text_part){NULL, 0};
}

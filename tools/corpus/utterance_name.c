/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_name.h"

#include <string.h>
#include <strings.h>

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

struct text_part path_without_suffix(const char *path)
{
    const char *name = file_name(path), *dot = strrchr(name, '.');
    return (struct text_part){path, dot && dot > name ? (size_t)(dot - path) : strlen(path)};
}

struct text_part path_stem(const char *path)
{
    struct text_part whole = path_without_suffix(path);
    const char *name = file_name(path);
    return (struct text_part){name, whole.length - (size_t)(name - path)};
}

bool path_has_suffix(const char *path, const char *suffix)
{
    const char *name = file_name(path), *dot = strrchr(name, '.');
    return dot && dot > name && strcasecmp(dot + 1, suffix) == 0;
}

bool path_is_list(const char *path, const char *suffix)
{
    static const char gz[] = ".gz";
    const char *name = file_name(path);
    size_t n = strlen(name), n_suffix = strlen(suffix);
    if (n > sizeof gz && strcasecmp(name + n - (sizeof gz - 1), gz) == 0) n -= sizeof gz - 1;
    return n > n_suffix + 1 && name[n - n_suffix - 1] == '.' &&
           strncasecmp(name + n - n_suffix, suffix, n_suffix) == 0;
}

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

/* SPDX-License-Identifier: MIT */
#include "tools/formats/path_stem.h"

#include <string.h>

char *path_stem_copy(const char *path)
{
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    const char *dot = strrchr(base, '.');
    return strndup(base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

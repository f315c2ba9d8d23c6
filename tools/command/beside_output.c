/* SPDX-License-Identifier: MIT */
#include "tools/command/beside_output.h"

#include "tools/base/path.h"
#include "tools/command/journal_hash.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The length of the longest prefix that leaves room for n bytes and does not split a character. */
static size_t shortened(const char *name, size_t n)
{
    size_t length = NAME_MAX - n;
    while (length > 0 && (name[length] & 0xC0) == 0x80) length--;
    return length;
}

/* Whether path is a folder that may be written while its parent may not. */
static bool stands_locked(const char *path, const char *name)
{
    char *beside = name > path ? strndup(path, (size_t)(name - path)) : strdup(".");
    bool locked = beside && access(beside, W_OK) != 0 && path_is_folder(path) &&
                  access(path, W_OK) == 0;
    free(beside);
    return locked;
}

char *beside_output(const char *output, const char *suffix)
{
    size_t length = strlen(output);
    while (length > 1 && output[length - 1] == '/') length--; /* beside the folder */
    char *path = malloc(length + strlen(suffix) + 33);
    if (!path) return NULL;
    memcpy(path, output, length);
    path[length] = 0;
    char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, hash[20] = "";
    if (stands_locked(path, name)) return strcat(strcat(path, "/"), suffix);
    if (strlen(name) + strlen(suffix) > NAME_MAX) {
        snprintf(hash, sizeof hash, "-%016llx",
                 (unsigned long long)journal_hash_text(JOURNAL_HASH_START, name));
        name[shortened(name, strlen(hash) + strlen(suffix))] = 0;
    }
    strcat(path, hash);
    return strcat(path, suffix);
}

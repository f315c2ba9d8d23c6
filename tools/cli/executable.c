/* SPDX-License-Identifier: MIT */
#include "tools/cli/executable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool executable_folder(char *path, size_t capacity)
{
    ssize_t n = readlink("/proc/self/exe", path, capacity);
    if (n <= 0 || (size_t)n >= capacity) return false;
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (!slash) return false;
    *slash = 0;
    return true;
}

void executable_run(const char *name, int argc, char **argv)
{
    static const char *const place[] = {"/", "/../libexec/voq/"};
    char folder[4096], path[4352];
    char **new_argv = calloc((size_t)argc + 1, sizeof *new_argv);
    if (!new_argv) return;
    memcpy(new_argv, argv, (size_t)argc * sizeof *argv);
    new_argv[0] = path;
    if (executable_folder(folder, sizeof folder)) {
        for (size_t i = 0; i < sizeof place / sizeof place[0]; i++) {
            snprintf(path, sizeof path, "%s%svoq-%s", folder, place[i], name);
            execv(path, new_argv);
        }
    }
    snprintf(path, sizeof path, "voq-%s", name);
    execvp(path, new_argv);
    free(new_argv);
}

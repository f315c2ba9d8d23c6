/* SPDX-License-Identifier: MIT */
#include "tools/formats/folder_files.h"

#include "tools/base/path.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool has_suffix(const void *context, const char *name)
{
    const char *suffix = context;
    size_t n = strlen(name), n_suffix = strlen(suffix);
    return n > n_suffix && strcasecmp(name + n - n_suffix, suffix) == 0;
}

bool folder_files(struct folder_paths *paths, const char *folder, const char *suffix,
                  struct failure *failure)
{
    bool good = folder_walk(paths, folder, (struct folder_filter){has_suffix, suffix}, failure);
    for (size_t i = 0; i < paths->n && good; i++)
        if (paths->path[i][strlen(paths->path[i]) - 1] == '/')
            good = fail(failure, EXIT_INPUT, "%s: the folder cannot be read", paths->path[i]);
    if (!good) folder_paths_free(paths);
    return good;
}

char *folder_file_name(const char *path, const char *folder)
{
    if (strcmp(path, "-") == 0) return strdup("stdin");
    if (!folder) return path_stem_copy(path);
    const char *below = path + strlen(folder);
    below += strspn(below, "/");
    char *stem = path_stem_copy(below);
    const char *slash = strrchr(below, '/');
    size_t n_folder = slash ? (size_t)(slash - below) + 1 : 0;
    char *name = stem ? malloc(n_folder + strlen(stem) + 1) : NULL;
    if (name) {
        memcpy(name, below, n_folder);
        strcpy(name + n_folder, stem);
    }
    free(stem);
    return name;
}

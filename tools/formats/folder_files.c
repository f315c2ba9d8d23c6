/* SPDX-License-Identifier: MIT */
#include "tools/formats/folder_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool path_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A name that begins with '.' is hidden: AppleDouble files, "._x.npy", are no data. */
static bool is_wanted(const char *name, const char *suffix)
{
    size_t n = strlen(name), n_suffix = strlen(suffix);
    return *name != '.' && n > n_suffix && strcasecmp(name + n - n_suffix, suffix) == 0;
}

static bool append(char ***file, size_t *n_file, const char *folder, const char *name)
{
    char **grown = realloc(*file, (*n_file + 1) * sizeof *grown);
    if (!grown) return false;
    *file = grown;
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path) return false;
    snprintf(path, size, "%s/%s", folder, name);
    grown[(*n_file)++] = path;
    return true;
}

bool folder_files(const char *folder, const char *suffix, char ***file, size_t *n_file,
                  struct failure *failure)
{
    *file = NULL;
    *n_file = 0;
    DIR *directory = opendir(folder);
    if (!directory)
        return fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", folder, strerror(errno));
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(directory));)
        if (is_wanted(entry->d_name, suffix)) ok = append(file, n_file, folder, entry->d_name);
    closedir(directory);
    if (!ok) return fail_memory(failure);
    if (*n_file > 1) qsort(*file, *n_file, sizeof **file, by_bytes);
    return true;
}

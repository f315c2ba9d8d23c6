/* SPDX-License-Identifier: MIT */
#include "tools/base/folder_walk.h"

#include "tools/base/growing.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The folders from the first one down to the one being read, to detect loops. */
struct ancestor {
    const struct ancestor *parent;
    dev_t device;
    ino_t inode;
};

struct walk {
    struct folder_paths *paths;
    struct folder_filter filter;
    struct failure *failure;
};

/* Takes ownership of path, which may be NULL: no memory. */
static bool keep(struct walk *walk, char *path)
{
    struct folder_paths *paths = walk->paths;
    if (!path) return fail_memory(walk->failure);
    if (!grow(&paths->path, &paths->capacity, paths->n + 1, sizeof *paths->path, walk->failure)) {
        free(path);
        return false;
    }
    paths->path[paths->n++] = path;
    return true;
}

static char *join(const char *folder, const char *name, const char *end)
{
    size_t size = strlen(folder) + strlen(name) + strlen(end) + 1;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s%s%s", folder, name, end);
    return path;
}

static bool is_loop(const struct stat *status, const struct ancestor *ancestor)
{
    for (; ancestor; ancestor = ancestor->parent)
        if (ancestor->device == status->st_dev && ancestor->inode == status->st_ino) return true;
    return false;
}

static bool walk_folder(struct walk *walk, const char *folder, const struct ancestor *parent);

static bool walk_below(struct walk *walk, const char *folder, const char *name,
                       const struct ancestor *parent)
{
    char *below = join(folder, name, "/");
    bool good = below ? walk_folder(walk, below, parent) : fail_memory(walk->failure);
    free(below);
    return good;
}

static bool walk_entry(struct walk *walk, const char *folder, const struct dirent *entry,
                       const struct ancestor *parent)
{
    const char *name = entry->d_name;
    if (name[0] == '.') return true;
    bool is_wanted = walk->filter.takes(walk->filter.context, name);
    if (entry->d_type == DT_REG && !is_wanted) return true;
    char *path = join(folder, name, "");
    if (!path) return fail_memory(walk->failure);
    struct stat status;
    /* A dangling link is kept: opening it fails, and that is reported. */
    bool is_file = entry->d_type == DT_REG || stat(path, &status) != 0 || S_ISREG(status.st_mode);
    if (is_file && is_wanted) return keep(walk, path);
    free(path);
    if (is_file || !S_ISDIR(status.st_mode) || is_loop(&status, parent)) return true;
    return walk_below(walk, folder, name, parent);
}

static bool walk_folder(struct walk *walk, const char *folder, const struct ancestor *parent)
{
    struct stat status;
    DIR *open = opendir(folder);
    if (!open || fstat(dirfd(open), &status) != 0) {
        if (open) closedir(open);
        return keep(walk, strdup(folder));
    }
    struct ancestor self = {parent, status.st_dev, status.st_ino};
    bool good = true;
    struct dirent *entry;
    while (good && (errno = 0, entry = readdir(open)))
        good = walk_entry(walk, folder, entry, &self);
    if (good && errno) good = keep(walk, strdup(folder));
    closedir(open);
    return good;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool folder_walk(struct folder_paths *paths, const char *folder, struct folder_filter filter,
                 struct failure *failure)
{
    struct walk walk = {paths, filter, failure};
    size_t n = strlen(folder);
    char *root = join(folder, "", n > 0 && folder[n - 1] == '/' ? "" : "/");
    bool good = root ? walk_folder(&walk, root, NULL) : fail_memory(failure);
    free(root);
    if (paths->n > 1) qsort(paths->path, paths->n, sizeof *paths->path, by_bytes);
    return good;
}

void folder_paths_free(struct folder_paths *paths)
{
    for (size_t i = 0; i < paths->n; i++) free(paths->path[i]);
    free(paths->path);
    *paths = (struct folder_paths){0};
}

/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Folders from the argument down to the one being read: none may be among its own children. */
struct ancestor {
    const struct ancestor *parent;
    dev_t device;
    ino_t inode;
};

struct scan {
    struct corpus *corpus;
    struct failure *failure;
    size_t n_root;      /* length of the argument with its '/' */
    const char **path;  /* found, with the argument in front */
    size_t n, capacity;
};

static bool has_wanted_suffix(const struct scan *scan, const char *name)
{
    switch (scan->corpus->options.suffixes) {
    case CORPUS_SUFFIXES_RAW: return path_audio(name) == PATH_RAW_AUDIO;
    case CORPUS_SUFFIXES_VECTORS: return path_has_suffix(name, "npy");
    default: return path_audio(name) == PATH_AUDIO;
    }
}

static bool keep(struct scan *scan, const char *path)
{
    if (scan->n == scan->capacity) {
        size_t capacity = scan->capacity ? 2 * scan->capacity : 64;
        const char **paths = realloc(scan->path, capacity * sizeof *paths);
        if (!paths) return fail_memory(scan->failure);
        scan->path = paths;
        scan->capacity = capacity;
    }
    scan->path[scan->n++] = path;
    return true;
}

static bool is_loop(const struct stat *status, const struct ancestor *ancestor)
{
    for (; ancestor; ancestor = ancestor->parent)
        if (ancestor->device == status->st_dev && ancestor->inode == status->st_ino) return true;
    return false;
}

static bool scan_folder(struct scan *scan, const char *folder, const struct ancestor *parent);

static bool scan_entry(struct scan *scan, const char *folder, const struct dirent *entry,
                       const struct ancestor *parent)
{
    const char *name = entry->d_name;
    bool is_wanted = has_wanted_suffix(scan, name);
    struct stat status;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return true;
    if (entry->d_type == DT_REG && !is_wanted) return true;
    const char *path = text_pool_join(&scan->corpus->pool, folder, name, "");
    if (!path) return fail_memory(scan->failure);
    if (entry->d_type == DT_REG) return keep(scan, path);
    /* A link to nothing is kept: it fails when it is opened, and is reported there. */
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
        return is_wanted ? keep(scan, path) : true;
    if (!S_ISDIR(status.st_mode) || is_loop(&status, parent)) return true;
    path = text_pool_join(&scan->corpus->pool, folder, name, "/");
    return path ? scan_folder(scan, path, parent) : fail_memory(scan->failure);
}

/* A folder that cannot be read is kept as one: like a missing file it fails when it is opened. */
static bool scan_folder(struct scan *scan, const char *folder, const struct ancestor *parent)
{
    struct stat status;
    DIR *open = opendir(folder);
    if (!open || fstat(dirfd(open), &status) != 0) {
        if (open) closedir(open);
        return keep(scan, folder);
    }
    struct ancestor self = {parent, status.st_dev, status.st_ino};
    bool good = true;
    struct dirent *entry;
    while (good && (errno = 0, entry = readdir(open)))
        good = scan_entry(scan, folder, entry, &self);
    if (good && errno) good = keep(scan, folder);
    closedir(open);
    return good;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct text_part name_of(const struct scan *scan, const char *path)
{
    size_t length = strlen(path);
    if (path[length - 1] == '/') return (struct text_part){path, length};
    return scan->corpus->options.names_from_path ? path_without_suffix(path + scan->n_root)
                                                 : path_stem(path);
}

static bool add_all(struct scan *scan)
{
    qsort(scan->path, scan->n, sizeof *scan->path, by_bytes);
    for (size_t i = 0; i < scan->n; i++) {
        const char *path = scan->path[i];
        struct utterance utterance = {.path = path};
        utterance.name = corpus_part(scan->corpus, name_of(scan, path), scan->failure);
        if (!utterance.name ||
            !corpus_add_file(scan->corpus, &utterance, path_stem(path), scan->failure))
            return false;
    }
    return true;
}

bool folder_read(struct corpus *corpus, const char *folder, struct failure *failure)
{
    struct scan scan = {.corpus = corpus, .failure = failure};
    size_t n = strlen(folder);
    const char *root = text_pool_join(&corpus->pool, folder, "",
                                      n > 0 && folder[n - 1] == '/' ? "" : "/");
    if (!root) return fail_memory(failure);
    scan.n_root = strlen(root);
    bool good = scan_folder(&scan, root, NULL);
    if (good && scan.n == 0) good = keep(&scan, root);
    good = good && add_all(&scan);
    free(scan.path);
    return good;
}

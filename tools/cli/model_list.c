/* SPDX-License-Identifier: MIT */
#include "tools/cli/model_list.h"

#include "tools/base/growing.h"
#include "tools/cli/executable.h"
#include "tools/cli/options.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

void model_folders_find(struct model_folders *folders)
{
    char folder[4096];
    const char *variable = getenv("VOQ_MODELS");
    *folders = (struct model_folders){0};
    if (variable) snprintf(folders->path[0], sizeof folders->path[0], "%s", variable);
    if (executable_folder(folder, sizeof folder)) {
        snprintf(folders->path[1], sizeof folders->path[1], "%s/../share/voq/models", folder);
        snprintf(folders->path[2], sizeof folders->path[2], "%s/../_models", folder);
    }
    snprintf(folders->path[3], sizeof folders->path[3], "%s", VOQ_SOURCE_MODELS);
}

void model_list_free(struct model_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->entry[i].name);
        free(list->entry[i].path);
    }
    free(list->entry);
    *list = (struct model_list){0};
}

/* The length of NAME in "NAME.voq"; 0 for other file names. */
static size_t name_length(const char *file)
{
    size_t n = strlen(file);
    return n > 4 && file[0] != '.' && strcmp(file + n - 4, ".voq") == 0 ? n - 4 : 0;
}

static bool has_name(const struct model_list *list, const char *name, size_t n)
{
    for (size_t i = 0; i < list->n; i++)
        if (strncmp(list->entry[i].name, name, n) == 0 && !list->entry[i].name[n]) return true;
    return false;
}

static bool add(struct model_list *list, const char *folder, const char *file, size_t n_name,
                struct failure *failure)
{
    if (!grow(&list->entry, &list->capacity, list->n + 1, sizeof *list->entry, failure))
        return false;
    struct model_entry entry = {strndup(file, n_name), malloc(strlen(folder) + strlen(file) + 2)};
    if (!entry.name || !entry.path) {
        free(entry.name);
        free(entry.path);
        return fail_memory(failure);
    }
    sprintf(entry.path, "%s/%s", folder, file);
    list->entry[list->n++] = entry;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct model_entry *)a)->name, ((const struct model_entry *)b)->name);
}

static bool add_folder(struct model_list *list, const char *folder, struct failure *failure)
{
    DIR *directory = folder[0] ? opendir(folder) : NULL;
    bool good = true;
    size_t n_before = list->n;
    if (!directory) return true;
    for (struct dirent *file; good && (file = readdir(directory));) {
        size_t n = name_length(file->d_name);
        if (n && !has_name(list, file->d_name, n))
            good = add(list, folder, file->d_name, n, failure);
    }
    closedir(directory);
    if (list->n > n_before)
        qsort(list->entry + n_before, list->n - n_before, sizeof *list->entry, by_name);
    return good;
}

bool model_list_make(struct model_list *list, struct failure *failure)
{
    struct model_folders folders;
    model_folders_find(&folders);
    for (int i = 0; i < MODEL_FOLDERS; i++)
        if (!add_folder(list, folders.path[i], failure)) return false;
    return true;
}

bool model_list_nearest(const char *name, char *near, size_t capacity)
{
    struct model_list list = {0};
    struct failure ignored;
    const char *found = NULL;
    const char **candidate = NULL;
    if (model_list_make(&list, &ignored) &&
        (candidate = zeroed(list.n, sizeof *candidate, &ignored))) {
        for (size_t i = 0; i < list.n; i++) candidate[i] = list.entry[i].name;
        found = options_nearest(name, candidate, list.n);
    }
    if (found) snprintf(near, capacity, "%s", found);
    free(candidate);
    model_list_free(&list);
    return found != NULL;
}

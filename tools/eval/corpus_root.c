/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* asprintf, scandir, alphasort */
#include "tools/eval/corpus_root.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int is_items(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && dot > entry->d_name && strcmp(dot, ".item") == 0;
}

static char *join(const char *folder, const char *name)
{
    char *path;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static bool find_items(struct corpus_root *root, const char *folder, struct failure *failure)
{
    struct dirent **entry;
    const char *best = NULL;
    int n = scandir(folder, &entry, is_items, alphasort);
    if (n < 0) return true; /* the corpus itself says what is wrong with its folder */
    for (int i = 0; i < n; i++)
        if (!best || strcmp(entry[i]->d_name, "triphone.item") == 0) best = entry[i]->d_name;
    root->n_items = (size_t)n;
    if (best) root->items = join(folder, best);
    bool good = !best || root->items || fail_memory(failure);
    for (int i = 0; i < n; i++) free(entry[i]);
    free(entry);
    return good;
}

bool corpus_root_find(struct corpus_root *root, const char *corpus, struct failure *failure)
{
    const char *slash = strrchr(corpus, '/');
    struct stat status;
    *root = (struct corpus_root){0};
    char *folder = is_folder(corpus) ? strdup(corpus)
                   : slash          ? strndup(corpus, (size_t)(slash - corpus) + 1)
                                    : strdup(".");
    bool good = folder ? find_items(root, folder, failure) : fail_memory(failure);
    if (good && !(root->phones = join(folder, "phones.ctm"))) good = fail_memory(failure);
    if (good && stat(root->phones, &status) != 0) {
        free(root->phones);
        root->phones = NULL;
    }
    free(folder);
    if (!good) corpus_root_clear(root);
    return good;
}

void corpus_root_clear(struct corpus_root *root)
{
    free(root->phones);
    free(root->items);
    *root = (struct corpus_root){0};
}

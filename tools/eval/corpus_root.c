/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* asprintf, scandir, alphasort */
#include "tools/eval/corpus_root.h"

#include "tools/base/path.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int is_items(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && path_has_text_suffix(entry->d_name, "item");
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
    if (n < 0) return true; /* opening the corpus reports what is wrong with its folder */
    for (int i = 0; i < n; i++)
        if (!best || strncmp(entry[i]->d_name, "triphone.item", 13) == 0) best = entry[i]->d_name;
    root->n_items = (size_t)n;
    if (best) root->items = join(folder, best);
    bool good = !best || root->items || fail_memory(failure);
    for (int i = 0; i < n; i++) free(entry[i]);
    free(entry);
    return good;
}

/* Finds an alignment or its compressed form; *path NULL: there is neither. */
static bool find_alignment(char **path, const char *folder, const char *const name[2],
                           struct failure *failure)
{
    struct stat status;
    for (size_t i = 0; i < 2 && !*path; i++) {
        *path = join(folder, name[i]);
        if (!*path) return fail_memory(failure);
        if (stat(*path, &status) == 0) break;
        free(*path);
        *path = NULL;
    }
    return true;
}

static bool find_alignments(struct corpus_root *root, const char *folder, struct failure *failure)
{
    static const char *const phones[] = {"phones.ctm", "phones.ctm.gz"};
    static const char *const words[] = {"words.ctm", "words.ctm.gz"};
    return find_alignment(&root->phones, folder, phones, failure) &&
           find_alignment(&root->words, folder, words, failure);
}

bool corpus_root_find(struct corpus_root *root, const char *corpus, struct failure *failure)
{
    const char *slash = strrchr(corpus, '/');
    *root = (struct corpus_root){0};
    char *folder = path_is_folder(corpus) ? strdup(corpus)
                   : slash          ? strndup(corpus, (size_t)(slash - corpus) + 1)
                                    : strdup(".");
    bool good = folder ? find_items(root, folder, failure) && find_alignments(root, folder, failure)
                       : fail_memory(failure);
    free(folder);
    if (!good) corpus_root_clear(root);
    return good;
}

void corpus_root_clear(struct corpus_root *root)
{
    free(root->phones);
    free(root->words);
    free(root->items);
    *root = (struct corpus_root){0};
}

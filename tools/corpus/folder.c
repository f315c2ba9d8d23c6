/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/base/folder_walk.h"

#include <string.h>

static bool is_wanted(const void *options, const char *name)
{
    switch (((const struct corpus_options *)options)->suffixes) {
    case CORPUS_SUFFIXES_RAW: return path_audio(name) == PATH_RAW_AUDIO;
    case CORPUS_SUFFIXES_VECTORS: return path_has_suffix(name, "npy");
    default: return path_audio(name) == PATH_AUDIO;
    }
}

/* path is below the folder; n_root is the length of the folder with its '/'. */
static bool add_file(struct corpus *corpus, const char *path, size_t n_root,
                     struct failure *failure)
{
    size_t length = strlen(path);
    bool is_folder = path[length - 1] == '/';
    struct utterance utterance = {.path = corpus_text(corpus, path, failure)};
    if (!utterance.path) return false;
    if (is_folder)
        utterance.name = utterance.path;
    else if (corpus->options.names_from_path)
        utterance.name = corpus_path_name(corpus, path + n_root, failure);
    else
        utterance.name = corpus_part(corpus, path_stem(path), failure);
    return utterance.name && corpus_add_file(corpus, &utterance, path_stem(path), failure);
}

/* A folder without wanted files, or one that cannot be read, is added itself: like a missing file
   it fails when it is opened. */
static bool add_paths(struct corpus *corpus, const char *folder, const struct folder_paths *paths,
                      struct failure *failure)
{
    const char *root = text_pool_join(&corpus->pool, folder, "",
                                      folder[strlen(folder) - 1] == '/' ? "" : "/");
    if (!root) return fail_memory(failure);
    size_t n_root = strlen(root);
    if (paths->n == 0) return add_file(corpus, root, n_root, failure);
    for (size_t i = 0; i < paths->n; i++)
        if (!add_file(corpus, paths->path[i], n_root, failure)) return false;
    return true;
}

bool folder_read(struct corpus *corpus, const char *folder, struct failure *failure)
{
    const struct folder_filter filter = {is_wanted, &corpus->options};
    struct folder_paths paths = {0};
    bool good = folder_walk(&paths, folder, filter, failure) &&
                add_paths(corpus, folder, &paths, failure);
    folder_paths_free(&paths);
    return good;
}

/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/base/folder_walk.h"
#include "tools/corpus/tar_archive.h"

#include <string.h>

/* Tars hold audio, not vectors. */
static bool is_wanted(const void *context, const char *name)
{
    const struct corpus_options *options = context;
    return corpus_takes(options, name) ||
           (options->suffixes != CORPUS_SUFFIXES_VECTORS && path_tar_suffix(name) > 0);
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

static bool add_tar(struct corpus *corpus, const char *path, size_t n_root,
                    struct failure *failure)
{
    struct text_part prefix = {path + n_root,
                               strlen(path) - n_root - path_tar_suffix(path)};
    struct tar_place place = {.path = path, .may_be_empty = true,
                              .prefix = corpus_part(corpus, prefix, failure)};
    return place.prefix && tar_archive_read(corpus, &place, failure);
}

/* Tars beside audio are left out: often they are what the audio was unpacked from. */
static bool warn_tars(struct corpus *corpus, const char *folder, const struct folder_paths *paths,
                      size_t n_tar, struct failure *failure)
{
    size_t i = 0;
    while (path_tar_suffix(paths->path[i]) == 0) i++;
    return corpus_warn(corpus, failure,
                       "%s: the folder holds audio files, so the tars in it are not read (%zu, the "
                       "first is %s); name tars to read them", folder, n_tar, paths->path[i]);
}

/* Adds what was found: the files, or if there are only tars, what these hold. */
static bool add_found(struct corpus *corpus, const char *folder, const struct folder_paths *paths,
                      size_t n_root, struct failure *failure)
{
    size_t n_tar = 0, n_folder = 0;
    for (size_t i = 0; i < paths->n; i++) {
        n_tar += path_tar_suffix(paths->path[i]) > 0;
        n_folder += paths->path[i][strlen(paths->path[i]) - 1] == '/';
    }
    bool only_tars = n_tar + n_folder == paths->n;
    for (size_t i = 0; i < paths->n; i++) {
        bool is_tar = path_tar_suffix(paths->path[i]) > 0;
        if (is_tar && !only_tars) continue;
        if (!(is_tar ? add_tar : add_file)(corpus, paths->path[i], n_root, failure)) return false;
    }
    return n_tar == 0 || only_tars || warn_tars(corpus, folder, paths, n_tar, failure);
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
    size_t n_before = corpus->utterances.n;
    if (!add_found(corpus, folder, paths, n_root, failure)) return false;
    return corpus->utterances.n > n_before || add_file(corpus, root, n_root, failure);
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

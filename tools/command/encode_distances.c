/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_distances.h"

#include "tools/base/path.h"

#include <stdlib.h>
#include <string.h>

static bool is_file(const char *path)
{
    return strcmp(path, "-") == 0 || path_has_suffix(path, "npy");
}

static bool check_item(const struct outputs *distances, const struct outputs *units,
                       const char *name, struct failure *failure)
{
    char *path = outputs_file(distances, name), *unit_path = outputs_file(units, name);
    bool same = path && unit_path && option_guard_same_output(path, unit_path);
    if (same)
        fail(failure, EXIT_USAGE,
             "%s: is named for both the units and the distances; give them different names", path);
    free(path);
    free(unit_path);
    return !same && outputs_allow(distances, name, failure);
}

bool encode_distances_check(const struct encode_options *options, const struct encode_items *items,
                            const struct outputs *units, struct failure *failure)
{
    const struct feature_format *format = feature_format_at(0);
    if (!options->distances) return true;
    if (items->n_list != 1 && is_file(options->distances))
        return fail(failure, EXIT_USAGE,
                    "--distances %s: is one file, but there are %zu utterances; name a "
                    "folder", options->distances, items->n_list);
    struct outputs distances = {.format = format->name,
                                .traits = format->traits,
                                .name_rule = format->name_rule,
                                .suffix = format->suffix[0],
                                .path = options->distances,
                                .one_input = units->one_input,
                                .name_escape = units->name_escape,
                                .name_folders = units->name_folders,
                                .guard = units->guard};
    for (size_t i = 0; i < items->n; i++)
        if (!check_item(&distances, units, items->item[i].name, failure)) return false;
    return true;
}

bool encode_distances_open(struct encode_distances *distances, const struct encode_options *options,
                           const struct encode_plan *plan, const struct encode_items *items,
                           struct option_guard *guard, struct failure *failure)
{
    distances->n_codebook = plan->info.n_codebook;
    const struct feature_writer_options writer = {
        .format = feature_format_at(0),
        .path = options->distances,
        .one_input = items->n_list == 1,
        .dim = plan->info.n_codebook,
        .flat = true,
        .shared = options->n_shard > 0,
        .name_escape = options->name_escape,
        .name_folders = options->names == NAMES_PATH,
        .guard = {option_guard_allows, guard},
    };
    return !options->distances || feature_writer_open(&distances->writer, &writer, failure);
}

bool encode_distances_rows(struct encode_distances *distances, const void *row, size_t n,
                           struct failure *failure)
{
    const unsigned char *at = row;
    size_t n_codebook = distances->n_codebook, size = n_codebook * sizeof *distances->id;
    for (size_t i = 0; i < n; i++, at += 2 * size) {
        memcpy(distances->id + i * n_codebook, at, size);
        memcpy(distances->distance + i * n_codebook, at + size, size);
    }
    return feature_writer_frames(distances->writer, distances->distance, n, failure);
}

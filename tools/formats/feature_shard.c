/* SPDX-License-Identifier: MIT */
#include "tools/formats/feature_shard.h"

#include "tools/base/growing.h"
#include "tools/formats/feature_ops.h"

#include <stdlib.h>
#include <string.h>

static bool add_part(struct feature_shard *shard, const struct feature_reader *r, uint64_t first,
                     struct failure *failure)
{
    if (!grow(&shard->part, &shard->capacity, shard->n + 1, sizeof *shard->part, failure))
        return false;
    char *name = strdup(r->name);
    if (!name) return fail_memory(failure);
    shard->part[shard->n++] =
        (struct feature_shard_part){.name = name, .first = first, .n_frame = r->utterance.n_frame};
    return true;
}

static bool list_parts(struct feature_shard *shard, struct feature_reader *r,
                       struct failure *failure)
{
    for (uint64_t first = 0;; first += r->utterance.n_frame) {
        bool found;
        r->utterance = (struct feature_utterance){0};
        if (!r->format->reader->next(r, &found, failure)) return false;
        if (!found) return true;
        if (!add_part(shard, r, first, failure)) return false;
    }
}

bool feature_shard_list(struct feature_shard *shard, const char *path, const char *tsv_path,
                        bool names_from_path, struct failure *failure)
{
    struct feature_reader_options options = {
        .tsv_path = tsv_path, .names_from_path = names_from_path, .any_shard_name = true};
    struct feature_reader *reader = NULL;
    *shard = (struct feature_shard){0};
    bool good = feature_format_find("hubert", &options.format, failure) &&
                feature_reader_open(&reader, path, &options, failure) &&
                list_parts(shard, reader, failure);
    feature_reader_close(reader);
    if (!good) feature_shard_free(shard);
    return good;
}

void feature_shard_free(struct feature_shard *shard)
{
    for (size_t i = 0; i < shard->n; i++) free(shard->part[i].name);
    free(shard->part);
    *shard = (struct feature_shard){0};
}

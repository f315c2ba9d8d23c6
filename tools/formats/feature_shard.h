/* SPDX-License-Identifier: MIT */
/* fairseq's pair of files as a list of utterances: SPLIT_RANK_NSHARD.npy holds the frames of all,
   the .len beside it the number of frames of each. */
#ifndef VOQ_TOOLS_FEATURE_SHARD_H
#define VOQ_TOOLS_FEATURE_SHARD_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct feature_shard_part {
    char *name; /* from the manifest; without one RANK-LINE; STEM-LINE if the path has no rank */
    uint64_t first, n_frame; /* in the array */
};

struct feature_shard {
    struct feature_shard_part *part; /* [n] */
    size_t n, capacity;
};

/* Lists the utterances; tsv_path is the manifest of the whole split that names them, by the paths
   in it or their stems, or NULL. Fails if the lengths do not sum to the frames of the array, or
   the manifest has other entries. */
bool feature_shard_list(struct feature_shard *shard, const char *path, const char *tsv_path,
                        bool names_from_path, struct failure *failure);

void feature_shard_free(struct feature_shard *shard);

#endif

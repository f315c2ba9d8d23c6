/* SPDX-License-Identifier: MIT */
/* The names of fairseq's pair of files, SPLIT_RANK_NSHARD.npy and .len, and which part of a split
   they hold. */
#ifndef VOQ_TOOLS_FEATURE_SHARD_PLACE_H
#define VOQ_TOOLS_FEATURE_SHARD_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The position of a shard among those of its split. */
struct feature_shard_place {
    size_t n_prefix; /* length of "FOLDER/SPLIT" */
    uint32_t rank, n_shard;
};

/* Returns false if the file is not named SPLIT_RANK_NSHARD.npy. */
bool feature_shard_place(const char *path, struct feature_shard_place *place);

/* Whether an array has a .len beside it, whatever its name is. */
bool feature_shard_has_lengths(const char *path);

/* Returns where shard `rank` of `n_shard` begins among n utterances; it ends where the next begins.
   fairseq divides a manifest so: n / n_shard * rank in double, rounded half to even. */
size_t feature_shard_begin(size_t n, uint32_t rank, uint32_t n_shard);

/* Returns the path of the .len beside an array; NULL: there is none. The caller frees it. */
char *feature_lengths_beside(const char *path);

/* Whether a path is the array of fairseq's pair: SPLIT_RANK_NSHARD.npy with a .len beside it. */
bool feature_path_is_shard(const char *path);

#endif

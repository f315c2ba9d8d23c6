/* SPDX-License-Identifier: MIT */
/* `voq merge`: finished shards of one run become the output of one process. */
#ifndef VOQ_TOOLS_MERGE_H
#define VOQ_TOOLS_MERGE_H

#include "tools/cli/messages.h"
#include "tools/cli/option_guard.h"
#include "tools/command/shard_record.h"

struct merge_options {
    const char *output, *scp, *dict, *tsv;
    bool quiet;
    struct options_given given;
};

extern const struct option_table merge_option_table;

/* A finished shard. */
struct merge_shard {
    const char *path; /* as the user named it; of the record if it has no files */
    struct shard_record record;
};

struct merge_shards {
    struct merge_shard *shard; /* [n], by rank once they are checked */
    size_t n, capacity;
    const char **other; /* [n_other] operands without a record */
    size_t n_other, other_capacity;
};

/* Reads the records of the operands; records and journals among them are skipped. EXIT_INPUT. */
bool merge_shards_read(struct merge_shards *shards, char **operand, size_t n,
                       struct failure *failure);

/* Checks that the operands are all shards of one run, each once, that no other operand is left but
   files that belong to a shard, and that every file is as it was written. EXIT_INPUT. */
bool merge_shards_check(struct merge_shards *shards, struct failure *failure);
void merge_shards_free(struct merge_shards *shards);

/* Writes the merged files. */
bool merge_write(const struct merge_options *options, const struct merge_shards *shards,
                 struct failure *failure);

#endif

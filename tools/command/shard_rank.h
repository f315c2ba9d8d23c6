/* SPDX-License-Identifier: MIT */
/* Which part of the work this process does: shard `rank` of n, counted from 0. */
#ifndef VOQ_TOOLS_SHARD_RANK_H
#define VOQ_TOOLS_SHARD_RANK_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

enum { SHARDS_MOST = 65536 };

struct shard {
    uint32_t rank, n; /* n 0: the work is not divided */
};

/* Reads "I/N" or "auto/N". For "auto" the rank comes from the first of SLURM_ARRAY_TASK_ID,
   OMPI_COMM_WORLD_RANK, PMIX_RANK and SLURM_PROCID that is set, and *variable is its name; else
   *variable is NULL. SLURM sets SLURM_PROCID in every batch script, so it is looked at last.
   EXIT_USAGE. */
bool shard_parse(const char *text, struct shard *shard, const char **variable,
                 struct failure *failure);

/* Fails if there is no such shard. EXIT_USAGE; `option` is how the user named it. */
bool shard_check(const struct shard *shard, const char *option, struct failure *failure);

/* Where the shard's part of n equal items begins and ends. */
void shard_span(const struct shard *shard, size_t n, size_t *begin, size_t *end);

#endif

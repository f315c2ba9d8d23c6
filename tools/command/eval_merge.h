/* SPDX-License-Identifier: MIT */
/* `voq eval --merge`: reads the shards that `voq eval --shard` wrote (eval_shard.h). */
#ifndef VOQ_TOOLS_EVAL_MERGE_H
#define VOQ_TOOLS_EVAL_MERGE_H

#include "tools/command/eval_sources.h"
#include "tools/command/eval_stored.h"

struct eval_merge {
    struct eval_stored stored;
    struct merge_part *part; /* [n], by rank once they are checked */
    size_t n;
    char *run_text;   /* the line of the run */
    struct json *run; /* texts of options and sources are its strings */
    struct quantizer_sums *sums; /* [n_subject]; NULL without models */
    uint32_t *dim;               /* [n_subject] */
    uint64_t n_failed;
};

/* *merge must be zeroed. Fills the sources, and the options from the run. Exit codes: EXIT_USAGE
   for the arguments, EXIT_INPUT for a shard that is missing, damaged or of another run. The caller
   clears both in any case. */
bool eval_merge_read(struct eval_merge *merge, struct eval_options *options,
                     struct eval_sources *sources, char **operand, size_t n,
                     struct failure *failure);
void eval_merge_clear(struct eval_merge *merge);

#endif

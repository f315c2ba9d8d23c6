/* SPDX-License-Identifier: MIT */
/* The line that the shards of a run of `voq eval` have in common, read back. */
#ifndef VOQ_TOOLS_EVAL_MERGE_RUN_H
#define VOQ_TOOLS_EVAL_MERGE_RUN_H

#include "tools/command/eval_merge.h"

/* Parses merge->run_text: fills the options that were measured with, makes the subjects, and
   returns the number of shards and of utterances. */
bool eval_merge_run(struct eval_merge *merge, struct eval_options *options,
                    struct eval_sources *sources, uint32_t *n_shard, uint64_t *total,
                    struct failure *failure);

/* Guards the files of the run, and reads phones and items again. */
bool eval_merge_sources(const struct eval_options *options, struct eval_sources *sources,
                        char **operand, size_t n, struct failure *failure);

#endif

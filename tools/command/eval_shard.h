/* SPDX-License-Identifier: MIT */
/* What `voq eval --shard I/N` writes: lines of JSON.

       {"shard":0,"first":0,"utterances":3,"failures":0}
       {"voq":"0.2.0","shards":4,...}          the run: the same bytes in all shards
       {"utt":"a","speaker":"s","subject":0,"ids":[3,3,17],"sums":[3,.5,...]}
       {"names":["a","b"]}                     of the utterances with items
       {"abx":0,"of":"units","subject":0,"share":4,"shares":9,"phone":2,"phones":40,...}
       {"b":[3,7]}                             a group of cells of this share: the phones of b
       {"x":0,"tokens":[1,0,2,8,2,9]}          an x of this group: its utterance, and by distance
                                               those of the tokens that it was compared with
       {"scores":"units","subject":0,"items":90,"skipped":1}
       {"end":5}                               the number of lines before

   The units of an utterance are in the shard that has it; ids null: no unit. The cells of ABX are
   divided by the phone and speaker of a: share i is in shard i % N. */
#ifndef VOQ_TOOLS_EVAL_SHARD_H
#define VOQ_TOOLS_EVAL_SHARD_H

#include "tools/command/eval_sources.h"

/* Reads --shard into part, and *variable as in shard_parse. */
bool eval_shard_parse(struct eval_options *options, const char **variable,
                      struct failure *failure);

/* Measures what has to be divided, and writes it with the units of the shard. */
bool eval_shard_write(const struct eval_options *options, const struct eval_sources *sources,
                      struct failure *failure);

/* Writes the line that all shards of a run have in common. */
bool eval_run_write(FILE *file, const struct eval_options *options,
                    const struct eval_sources *sources, uint64_t total, struct failure *failure);

#endif

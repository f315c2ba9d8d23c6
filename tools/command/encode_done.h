/* SPDX-License-Identifier: MIT */
/* OUT.done of a shard that `voq encode` wrote (shard_record.h). Without shards there is none. */
#ifndef VOQ_TOOLS_ENCODE_DONE_H
#define VOQ_TOOLS_ENCODE_DONE_H

#include "tools/cli/option_guard.h"
#include "tools/command/encode_items.h"
#include "tools/command/encode_options.h"

/* Whether the output is a file or a folder, which can be replaced, and not a stream. */
bool encode_output_is_file(const char *output);

/* The shard, if several shards write into the folder OUT; else NULL. *shard holds it. */
const struct shard *encode_shared_folder(const struct encode_options *options,
                                         const struct encode_items *items, struct shard *shard);

/* Call before anything is written. EXIT_USAGE if another shard of the run wrote this output, or if
   OUT.done is another file. */
bool encode_done_check(const struct encode_options *options, const struct encode_items *items,
                       struct option_guard *guard, struct failure *failure);

/* Call after the output has its name. */
bool encode_done_write(const struct encode_options *options, const struct encode_plan *plan,
                       const struct encode_items *items, size_t n_failed,
                       struct failure *failure);

#endif

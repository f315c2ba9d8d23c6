/* SPDX-License-Identifier: MIT */
/* What makes two runs of `voq encode` the same run: everything that determines the bytes of the
   output, and nothing else: not -j, not its path. */
#ifndef VOQ_TOOLS_ENCODE_IDENTITY_H
#define VOQ_TOOLS_ENCODE_IDENTITY_H

#include "tools/command/encode_items.h"
#include "tools/command/encode_options.h"

/* Of this process, for its journal. */
uint64_t encode_run_hash(const struct encode_options *options, const struct encode_plan *plan,
                         const struct encode_items *items);

/* Equal in all shards of a run: of the options, and of the whole list of items. */
uint64_t encode_options_hash(const struct encode_options *options,
                             const struct encode_plan *plan);
uint64_t encode_list_hash(const struct encode_items *items);

const char *encode_format_name(const struct encode_options *options);

#endif

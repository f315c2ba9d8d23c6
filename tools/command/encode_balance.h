/* SPDX-License-Identifier: MIT */
/* Cuts the items of a run into shards of about the same amount of audio, without reading it. */
#ifndef VOQ_TOOLS_ENCODE_BALANCE_H
#define VOQ_TOOLS_ENCODE_BALANCE_H

#include "tools/command/encode_items.h"

/* Returns where the shard's part of the list begins and ends. The length of an item is what its
   list declares, if all items have such a length, else the size of its file, which consecutive
   items of one file share. An item belongs to the shard that its middle falls into. */
bool encode_balance(const struct encode_items *items, const struct shard *shard, size_t *begin,
                    size_t *end, struct failure *failure);

#endif

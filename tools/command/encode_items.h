/* SPDX-License-Identifier: MIT */
/* The utterances of a run: the corpus, with its channels apart where each is wanted. */
#ifndef VOQ_TOOLS_ENCODE_ITEMS_H
#define VOQ_TOOLS_ENCODE_ITEMS_H

#include "tools/command/encode_source.h"

struct encode_items {
    struct encode_item *item; /* [n] */
    size_t n;
    char *names; /* of the items that the corpus does not name */
};

/* channel: as in struct audio_request, or ENCODE_CHANNEL_ALL: every audio file becomes as many
   items NAME-channelN as it has channels; a file that cannot be read stays one item, which fails
   later. What a list says of an utterance's channel comes first. */
bool encode_items_make(struct encode_items *items, const struct corpus *corpus, int channel,
                       const struct audio_raw *raw, struct failure *failure);
/* Keeps the items of one shard of several. */
void encode_items_take_shard(struct encode_items *items, uint32_t rank, uint32_t n_shard);

void encode_items_free(struct encode_items *items);

#endif

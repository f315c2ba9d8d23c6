/* SPDX-License-Identifier: MIT */
/* The utterances of a run: the corpus, with its channels apart where each is wanted, and with the
   utterances of fairseq's shards apart. */
#ifndef VOQ_TOOLS_ENCODE_ITEMS_H
#define VOQ_TOOLS_ENCODE_ITEMS_H

#include "tools/command/encode_source.h"

struct encode_items {
    struct encode_item *item; /* [n] */
    size_t n, capacity;
    char *names; /* of the items that the corpus does not name */
    struct encode_shard *shard; /* a list of what the items of shards need */
};

struct encode_items_options {
    int channel; /* as in struct audio_request, or ENCODE_CHANNEL_ALL */
    const struct audio_raw *raw;
    const char *tsv; /* the manifest that names the utterances of shards; NULL: none */
    bool names_from_path; /* by its paths, not by their stems */
};

/* ENCODE_CHANNEL_ALL: every audio file becomes as many items NAME-channelN as it has channels; a
   file that cannot be read stays one item, which fails later. What a list says of an utterance's
   channel comes first. An array with a .len beside it becomes an item for each length; shards that
   follow one another are taken by rank. */
bool encode_items_make(struct encode_items *items, const struct corpus *corpus,
                       const struct encode_items_options *options, struct failure *failure);
/* Keeps the items of one shard of several. */
void encode_items_take_shard(struct encode_items *items, uint32_t rank, uint32_t n_shard);

void encode_items_free(struct encode_items *items);

#endif

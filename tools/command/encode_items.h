/* SPDX-License-Identifier: MIT */
/* The utterances of a run: those of the corpus, with one item per channel if all are wanted, and
   one per utterance of fairseq's shards. */
#ifndef VOQ_TOOLS_ENCODE_ITEMS_H
#define VOQ_TOOLS_ENCODE_ITEMS_H

#include "tools/command/encode_source.h"
#include "tools/command/shard_rank.h"

struct encode_items {
    struct encode_item *list; /* [n_list] */
    size_t n_list, capacity;
    struct encode_item *item; /* [n] in the list: those of this shard */
    size_t n;
    char *names; /* of items that the corpus has no name for */
    struct encode_shard *shard; /* a list of what the items of shards need */
};

struct encode_items_options {
    int channel; /* as in struct audio_request, or ENCODE_CHANNEL_ALL */
    const struct audio_raw *raw;
    const char *tsv; /* the manifest that names the utterances of shards; NULL: none */
    bool names_from_path; /* names are its paths, not their stems */
};

/* With ENCODE_CHANNEL_ALL every audio file becomes one item NAME-channelN per channel; a file that
   cannot be read stays one item, which fails later. A channel stated by a list takes precedence.
   An array with a .len beside it becomes one item per length; consecutive shards are sorted by
   rank. */
bool encode_items_make(struct encode_items *items, const struct corpus *corpus,
                       const struct encode_items_options *options, struct failure *failure);

/* Makes list[begin, end) the items of this run. */
void encode_items_take(struct encode_items *items, size_t begin, size_t end);

void encode_items_free(struct encode_items *items);

#endif

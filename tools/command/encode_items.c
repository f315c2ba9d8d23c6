/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_items.h"

#include "tools/command/encode_options.h"
#include "tools/formats/feature_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool append(struct encode_items *items, size_t *capacity, struct encode_item item)
{
    if (items->n == *capacity) {
        size_t grown = *capacity * 2 + 16;
        struct encode_item *moved = realloc(items->item, grown * sizeof *moved);
        if (!moved) return false;
        items->item = moved;
        *capacity = grown;
    }
    items->item[items->n++] = item;
    return true;
}

static uint32_t count_channels(const struct utterance *utterance, const struct audio_raw *raw)
{
    const struct audio_request request = {.path = utterance->path,
                                          .offset = utterance->offset,
                                          .raw = raw};
    struct audio_facts facts;
    struct failure ignored;
    return audio_probe(&request, &facts, &ignored) ? facts.channels : 1;
}

static bool append_channels(struct encode_items *items, size_t *capacity,
                            const struct utterance *utterance, const struct audio_raw *raw,
                            struct failure *failure)
{
    if (utterance->is_command || strcmp(utterance->path, "-") == 0)
        return fail(failure, EXIT_USAGE,
                    "%s: --channel all has to look at the file first, and this is a pipe; give "
                    "--channel 1",
                    utterance->name);
    uint32_t n = count_channels(utterance, raw);
    for (uint32_t c = 1; c <= n; c++)
        if (!append(items, capacity, (struct encode_item){utterance, NULL, (int)c}))
            return fail_memory(failure);
    return true;
}

/* The names of all items without one, in one piece of memory. */
static bool name_channels(struct encode_items *items, struct failure *failure)
{
    size_t n_byte = 1, used = 0;
    for (size_t i = 0; i < items->n; i++)
        if (!items->item[i].name)
            n_byte += strlen(items->item[i].utterance->name) + sizeof "-channel1000";
    items->names = malloc(n_byte);
    if (!items->names) return fail_memory(failure);
    for (size_t i = 0; i < items->n; i++) {
        struct encode_item *item = &items->item[i];
        if (item->name) continue;
        item->name = items->names + used;
        used += 1 + (size_t)snprintf(items->names + used, n_byte - used, "%s-channel%d",
                                     item->utterance->name, item->channel);
    }
    return true;
}

bool encode_items_make(struct encode_items *items, const struct corpus *corpus, int channel,
                       const struct audio_raw *raw, struct failure *failure)
{
    size_t capacity = 0;
    *items = (struct encode_items){0};
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *utterance = corpus_get(corpus, i);
        bool apart = channel == ENCODE_CHANNEL_ALL && utterance->channel == 0 &&
                     utterance->kind == CORPUS_AUDIO;
        if (apart) {
            if (!append_channels(items, &capacity, utterance, raw, failure)) return false;
            continue;
        }
        int own = utterance->channel ? utterance->channel
                  : channel == ENCODE_CHANNEL_ALL ? AUDIO_CHANNEL_MEAN
                                                  : channel;
        if (!append(items, &capacity, (struct encode_item){utterance, utterance->name, own}))
            return fail_memory(failure);
    }
    return name_channels(items, failure);
}

void encode_items_take_shard(struct encode_items *items, uint32_t rank, uint32_t n_shard)
{
    size_t begin = feature_shard_begin(items->n, rank, n_shard);
    items->n = feature_shard_begin(items->n, rank + 1, n_shard) - begin;
    memmove(items->item, items->item + begin, items->n * sizeof *items->item);
}

void encode_items_free(struct encode_items *items)
{
    free(items->item);
    free(items->names);
    *items = (struct encode_items){0};
}

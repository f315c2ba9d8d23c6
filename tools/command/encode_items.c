/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_items.h"

#include "tools/base/growing.h"
#include "tools/command/encode_options.h"
#include "tools/formats/feature_shard_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct encode_shard {
    struct encode_shard *next;
    struct feature_shard list;
    struct failure fault;
};

static bool append(struct encode_items *items, struct encode_item item, struct failure *failure)
{
    if (!grow(&items->list, &items->capacity, items->n_list + 1, sizeof item, failure))
        return false;
    items->list[items->n_list++] = item;
    return true;
}

/* ---- channels -------------------------------------------------------------------------------- */

static uint32_t count_channels(const struct utterance *utterance, const struct audio_raw *raw)
{
    const struct utterance whole = {.path = utterance->path, .offset = utterance->offset,
                                    .member = utterance->member};
    struct audio_request request = audio_request_of(&whole, 0);
    request.raw = raw;
    struct audio_facts facts;
    struct failure ignored;
    return audio_probe(&request, &facts, &ignored) ? facts.channels : 1;
}

static bool append_channels(struct encode_items *items, const struct utterance *utterance,
                            const struct audio_raw *raw, struct failure *failure)
{
    if (utterance->is_command || strcmp(utterance->path, "-") == 0)
        return fail(failure, EXIT_USAGE,
                    "%s: --channel all must read the file first, which is impossible for a pipe; "
                    "give --channel 1",
                    utterance->name);
    uint32_t n = count_channels(utterance, raw);
    for (uint32_t c = 1; c <= n; c++)
        if (!append(items, (struct encode_item){.utterance = utterance, .channel = (int)c},
                    failure))
            return false;
    return true;
}

/* Names all items that have no name yet, in one allocation. */
static bool name_channels(struct encode_items *items, struct failure *failure)
{
    size_t n_byte = 1, used = 0;
    for (size_t i = 0; i < items->n_list; i++)
        if (!items->list[i].name)
            n_byte += strlen(items->list[i].utterance->name) + sizeof "-channel1000";
    items->names = malloc(n_byte);
    if (!items->names) return fail_memory(failure);
    for (size_t i = 0; i < items->n_list; i++) {
        struct encode_item *item = &items->list[i];
        if (item->name) continue;
        item->name = items->names + used;
        used += 1 + (size_t)snprintf(items->names + used, n_byte - used, "%s-channel%d",
                                     item->utterance->name, item->channel);
    }
    return true;
}

static bool append_audio(struct encode_items *items, const struct utterance *utterance,
                         const struct encode_items_options *options, struct failure *failure)
{
    int channel = utterance->channel ? utterance->channel : options->channel;
    if (channel == ENCODE_CHANNEL_ALL)
        return append_channels(items, utterance, options->raw, failure);
    const struct encode_item item = {
        .utterance = utterance, .name = utterance->name, .channel = channel};
    return append(items, item, failure);
}

/* ---- vectors --------------------------------------------------------------------------------- */

/* A shard that cannot be listed becomes one item, which fails. */
static bool append_shard(struct encode_items *items, const struct utterance *utterance,
                         const struct encode_items_options *options, struct failure *failure)
{
    struct encode_shard *shard = calloc(1, sizeof *shard);
    if (!shard) return fail_memory(failure);
    shard->next = items->shard;
    items->shard = shard;
    struct encode_item item = {.utterance = utterance, .name = utterance->name};
    if (!feature_shard_list(&shard->list, utterance->path, options->tsv, options->names_from_path,
                            &shard->fault)) {
        item.fault = shard->fault.text;
        return append(items, item, failure);
    }
    for (size_t i = 0; i < shard->list.n; i++) {
        item.part = &shard->list.part[i];
        item.name = item.part->name;
        if (!append(items, item, failure)) return false;
    }
    return true;
}

static bool append_vectors(struct encode_items *items, const struct utterance *utterance,
                           const struct encode_items_options *options, struct failure *failure)
{
    if (feature_shard_has_lengths(utterance->path))
        return append_shard(items, utterance, options, failure);
    const struct encode_item item = {.utterance = utterance, .name = utterance->name};
    return append(items, item, failure);
}

/* Whether a and b are shards of the same split. */
static bool same_split(const struct utterance *a, const struct utterance *b)
{
    struct feature_shard_place x, y;
    return a->kind == CORPUS_VECTORS && b->kind == CORPUS_VECTORS &&
           feature_shard_place(a->path, &x) && feature_shard_place(b->path, &y) &&
           x.n_shard == y.n_shard && x.n_prefix == y.n_prefix &&
           memcmp(a->path, b->path, x.n_prefix) == 0;
}

static int by_rank(const void *a, const void *b)
{
    struct feature_shard_place x = {0}, y = {0};
    feature_shard_place((*(const struct utterance *const *)a)->path, &x);
    feature_shard_place((*(const struct utterance *const *)b)->path, &y);
    return (x.rank > y.rank) - (x.rank < y.rank);
}

/* Paths in byte order have rank 10 before rank 2; the manifest has it after rank 2. */
static void sort_ranks(const struct utterance **utterance, size_t n)
{
    for (size_t begin = 0, end; begin < n; begin = end) {
        end = begin + 1;
        while (end < n && same_split(utterance[begin], utterance[end])) end++;
        qsort(utterance + begin, end - begin, sizeof *utterance, by_rank);
    }
}

/* ---- all ------------------------------------------------------------------------------------- */

bool encode_items_make(struct encode_items *items, const struct corpus *corpus,
                       const struct encode_items_options *options, struct failure *failure)
{
    size_t n = corpus_size(corpus);
    const struct utterance **utterance = calloc(n + 1, sizeof *utterance);
    *items = (struct encode_items){0};
    if (!utterance) return fail_memory(failure);
    for (size_t i = 0; i < n; i++) utterance[i] = corpus_get(corpus, i);
    sort_ranks(utterance, n);
    bool good = true;
    for (size_t i = 0; i < n && good; i++)
        good = utterance[i]->kind == CORPUS_VECTORS
                   ? append_vectors(items, utterance[i], options, failure)
                   : append_audio(items, utterance[i], options, failure);
    free(utterance);
    if (!good || !name_channels(items, failure)) return false;
    encode_items_take(items, 0, items->n_list);
    return true;
}

void encode_items_take(struct encode_items *items, size_t begin, size_t end)
{
    items->item = items->list ? items->list + begin : NULL;
    items->n = end - begin;
}

void encode_items_free(struct encode_items *items)
{
    while (items->shard) {
        struct encode_shard *next = items->shard->next;
        feature_shard_free(&items->shard->list);
        free(items->shard);
        items->shard = next;
    }
    free(items->list);
    free(items->names);
    *items = (struct encode_items){0};
}

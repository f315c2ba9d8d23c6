/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_balance.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The part of its file that an item covers, in a unit that all items of the file have. */
static double extent(const struct encode_item *item)
{
    const struct utterance *utterance = item->utterance;
    if (item->part) return (double)item->part->n_frame;
    return utterance->end_s > utterance->begin_s ? utterance->end_s - utterance->begin_s : 1;
}

static bool all_declared(const struct encode_items *items)
{
    for (size_t i = 0; i < items->n_list; i++)
        if (!items->list[i].utterance->declared) return false;
    return true;
}

/* 0 for what has no size: a pipe, a file that is absent. */
static double length_of(const struct utterance *utterance, bool declared)
{
    struct stat status;
    if (declared) return (double)utterance->declared;
    if (utterance->is_command || stat(utterance->path, &status) != 0) return 0;
    return S_ISREG(status.st_mode) ? (double)status.st_size : 0;
}

/* Fills length[n_list]; one is added to each, so that items without a size are divided too. */
static void find_lengths(const struct encode_items *items, double *length)
{
    bool declared = all_declared(items);
    for (size_t first = 0, end; first < items->n_list; first = end) {
        const struct utterance *utterance = items->list[first].utterance;
        double whole = 0;
        for (end = first; end < items->n_list; end++) {
            if (strcmp(items->list[end].utterance->path, utterance->path) != 0) break;
            whole += extent(&items->list[end]);
        }
        double scale = length_of(utterance, declared) / (whole > 0 ? whole : 1);
        for (size_t i = first; i < end; i++) length[i] = 1 + scale * extent(&items->list[i]);
    }
}

/* The first item whose middle is not below the share rank / n of the total. */
static size_t cut(const double *length, size_t n_item, double total, uint32_t rank, uint32_t n)
{
    double before = 0;
    for (size_t i = 0; i < n_item; i++) {
        if ((before + length[i] / 2) * n >= total * rank) return i;
        before += length[i];
    }
    return n_item;
}

bool encode_balance(const struct encode_items *items, const struct shard *shard, size_t *begin,
                    size_t *end, struct failure *failure)
{
    double total = 0, *length = zeroed(items->n_list, sizeof *length, failure);
    if (!length) return false;
    find_lengths(items, length);
    for (size_t i = 0; i < items->n_list; i++) total += length[i];
    *begin = cut(length, items->n_list, total, shard->rank, shard->n);
    *end = shard->rank + 1 == shard->n
               ? items->n_list
               : cut(length, items->n_list, total, shard->rank + 1, shard->n);
    free(length);
    return true;
}

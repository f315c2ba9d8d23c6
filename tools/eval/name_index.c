/* SPDX-License-Identifier: MIT */
#include "tools/eval/name_index.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash(const char *name)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (; *name; name++) h = (h ^ (unsigned char)*name) * 1099511628211u;
    return h;
}

static size_t slot_of(const struct name_index *table, const char *name)
{
    size_t mask = table->n_slot - 1, i = (size_t)hash(name) & mask;
    while (table->slot[i] != NO_NAME && strcmp(table->name[table->slot[i]], name) != 0)
        i = (i + 1) & mask;
    return i;
}

static void fill_slots(struct name_index *table)
{
    for (size_t i = 0; i < table->n_slot; i++) table->slot[i] = NO_NAME;
    for (uint32_t id = 0; id < table->n; id++) table->slot[slot_of(table, table->name[id])] = id;
}

static bool double_slots(struct name_index *table, struct failure *failure)
{
    size_t n_slot = table->n_slot ? 2 * table->n_slot : 64;
    uint32_t *slot = zeroed(n_slot, sizeof *slot, failure);
    if (!slot) return false;
    free(table->slot);
    table->slot = slot;
    table->n_slot = n_slot;
    fill_slots(table);
    return true;
}

uint32_t name_index_find(const struct name_index *table, const char *name)
{
    return table->n_slot ? table->slot[slot_of(table, name)] : NO_NAME;
}

bool name_index_add(struct name_index *table, const char *name, uint32_t *id,
                    struct failure *failure)
{
    *id = name_index_find(table, name);
    if (*id != NO_NAME) return true;
    if (2 * ((size_t)table->n + 1) > table->n_slot && !double_slots(table, failure)) return false;
    if (!grow(&table->name, &table->capacity, (size_t)table->n + 1, sizeof *table->name, failure))
        return false;
    char *copy = strdup(name);
    if (!copy) return fail_memory(failure);
    *id = table->n;
    table->slot[slot_of(table, name)] = *id;
    table->name[table->n++] = copy;
    return true;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool name_index_sort(struct name_index *table, uint32_t **new_id, struct failure *failure)
{
    *new_id = zeroed(table->n, sizeof **new_id, failure);
    char **before = zeroed(table->n, sizeof *before, failure);
    if (!*new_id || !before) {
        free(*new_id);
        free(before);
        return false;
    }
    if (table->n) {
        memcpy(before, table->name, table->n * sizeof *before);
        qsort(table->name, table->n, sizeof *table->name, by_bytes);
        fill_slots(table);
    }
    for (uint32_t i = 0; i < table->n; i++) (*new_id)[i] = name_index_find(table, before[i]);
    free(before);
    return true;
}

void name_index_clear(struct name_index *table)
{
    for (uint32_t i = 0; i < table->n; i++) free(table->name[i]);
    free(table->name);
    free(table->slot);
    *table = (struct name_index){0};
}

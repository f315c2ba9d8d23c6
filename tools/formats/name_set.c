/* SPDX-License-Identifier: MIT */
#include "tools/formats/name_set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256 };

/* FNV-1a; slots are searched one after another. */
static char **find_slot(char **slot, size_t n_slot, const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *c = name; *c; c++) hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    size_t i = (size_t)hash & (n_slot - 1);
    while (slot[i] && strcmp(slot[i], name) != 0) i = (i + 1) & (n_slot - 1);
    return &slot[i];
}

static bool grow(struct name_set *set, struct failure *failure)
{
    size_t n_slot = set->n_slot ? 2 * set->n_slot : FIRST_SLOTS;
    char **slot = calloc(n_slot, sizeof *slot);
    if (!slot) return fail_memory(failure);
    for (size_t i = 0; i < set->n_slot; i++)
        if (set->slot[i]) *find_slot(slot, n_slot, set->slot[i]) = set->slot[i];
    free(set->slot);
    set->slot = slot;
    set->n_slot = n_slot;
    return true;
}

bool name_set_add(struct name_set *set, const char *name, bool *added, struct failure *failure)
{
    if (2 * set->n >= set->n_slot && !grow(set, failure)) return false;
    char **slot = find_slot(set->slot, set->n_slot, name);
    *added = *slot == NULL;
    if (!*added) return true;
    *slot = strdup(name);
    if (!*slot) return fail_memory(failure);
    set->n++;
    return true;
}

void name_set_free(struct name_set *set)
{
    for (size_t i = 0; i < set->n_slot; i++) free(set->slot[i]);
    free(set->slot);
    *set = (struct name_set){0};
}

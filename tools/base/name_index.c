/* SPDX-License-Identifier: MIT */
#include "tools/base/name_index.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash(const char *text, size_t length)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < length; i++) h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return h;
}

static bool is_name(const char *name, const char *text, size_t length)
{
    return strncmp(name, text, length) == 0 && name[length] == '\0';
}

/* The slot of the name, or the free slot for it. */
static size_t slot_of(const struct name_index *index, const char *text, size_t length)
{
    size_t mask = index->n_slot - 1, i = (size_t)hash(text, length) & mask;
    while (index->slot[i] != NO_NAME && !is_name(index->name[index->slot[i]], text, length))
        i = (i + 1) & mask;
    return i;
}

static void fill_slots(struct name_index *index)
{
    for (size_t i = 0; i < index->n_slot; i++) index->slot[i] = NO_NAME;
    for (uint32_t id = 0; id < index->n; id++)
        index->slot[slot_of(index, index->name[id], strlen(index->name[id]))] = id;
}

static bool double_slots(struct name_index *index, struct failure *failure)
{
    size_t n_slot = index->n_slot ? 2 * index->n_slot : 64;
    uint32_t *slot = calloc(n_slot, sizeof *slot);
    if (!slot) return fail_memory(failure);
    free(index->slot);
    index->slot = slot;
    index->n_slot = n_slot;
    fill_slots(index);
    return true;
}

static bool reserve(struct name_index *index, struct failure *failure)
{
    size_t n = (size_t)index->n + 1, for_value = index->capacity; /* grow raises both equally */
    return grow(&index->value, &for_value, n, sizeof *index->value, failure) &&
           grow(&index->name, &index->capacity, n, sizeof *index->name, failure);
}

static uint32_t find(const struct name_index *index, const char *text, size_t length)
{
    return index->n_slot ? index->slot[slot_of(index, text, length)] : NO_NAME;
}

uint32_t name_index_find(const struct name_index *index, const char *name)
{
    return find(index, name, strlen(name));
}

bool name_index_add_part(struct name_index *index, const char *text, size_t length, uint32_t *id,
                         struct failure *failure)
{
    *id = find(index, text, length);
    if (*id != NO_NAME) return true;
    if (2 * ((size_t)index->n + 1) > index->n_slot && !double_slots(index, failure)) return false;
    if (!reserve(index, failure)) return false;
    char *copy = strndup(text, length);
    if (!copy) return fail_memory(failure);
    *id = index->n;
    index->slot[slot_of(index, text, length)] = *id;
    index->value[index->n] = 0;
    index->name[index->n++] = copy;
    return true;
}

bool name_index_add(struct name_index *index, const char *name, uint32_t *id,
                    struct failure *failure)
{
    return name_index_add_part(index, name, strlen(name), id, failure);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool name_index_sort(struct name_index *index, uint32_t **new_id, struct failure *failure)
{
    *new_id = calloc((size_t)index->n + 1, sizeof **new_id);
    char **before = calloc((size_t)index->n + 1, sizeof *before);
    if (!*new_id || !before) {
        free(*new_id);
        free(before);
        return fail_memory(failure);
    }
    if (index->n) {
        memcpy(before, index->name, index->n * sizeof *before);
        qsort(index->name, index->n, sizeof *index->name, by_bytes);
        memset(index->value, 0, index->n * sizeof *index->value);
        fill_slots(index);
    }
    for (uint32_t i = 0; i < index->n; i++) (*new_id)[i] = name_index_find(index, before[i]);
    free(before);
    return true;
}

void name_index_clear(struct name_index *index)
{
    for (uint32_t i = 0; i < index->n; i++) free(index->name[i]);
    free(index->name);
    free(index->value);
    free(index->slot);
    *index = (struct name_index){0};
}

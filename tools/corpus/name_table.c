/* SPDX-License-Identifier: MIT */
#include "tools/corpus/name_table.h"

#include <stdlib.h>
#include <string.h>

static uint64_t fnv1a(const char *text, size_t n)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++) hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

/* The entry of a name, or the free place where it belongs. */
static struct name_entry *place(const struct name_table *table, const char *text, size_t n)
{
    size_t mask = table->capacity - 1, at = fnv1a(text, n) & mask;
    for (;; at = (at + 1) & mask) {
        struct name_entry *entry = &table->entry[at];
        if (!entry->name) return entry;
        if (strncmp(entry->name, text, n) == 0 && entry->name[n] == '\0') return entry;
    }
}

const struct name_entry *name_table_find(const struct name_table *table, const char *text,
                                         size_t n)
{
    if (table->capacity == 0) return NULL;
    const struct name_entry *entry = place(table, text, n);
    return entry->name ? entry : NULL;
}

static bool grow(struct name_table *table)
{
    struct name_table larger = {.capacity = table->capacity ? 2 * table->capacity : 64};
    larger.n_entry = table->n_entry;
    larger.entry = calloc(larger.capacity, sizeof *larger.entry);
    if (!larger.entry) return false;
    for (size_t i = 0; i < table->capacity; i++) {
        const char *name = table->entry[i].name;
        if (name) *place(&larger, name, strlen(name)) = table->entry[i];
    }
    free(table->entry);
    *table = larger;
    return true;
}

bool name_table_add(struct name_table *table, const char *name, uint32_t value)
{
    if (4 * (table->n_entry + 1) > 3 * table->capacity && !grow(table)) return false;
    *place(table, name, strlen(name)) = (struct name_entry){name, value};
    table->n_entry++;
    return true;
}

void name_table_free(struct name_table *table)
{
    free(table->entry);
    *table = (struct name_table){0};
}

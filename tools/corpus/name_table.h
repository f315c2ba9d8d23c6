/* SPDX-License-Identifier: MIT */
/* From names to numbers. Names are not copied. All zero is an empty table. */
#ifndef VOQ_TOOLS_NAME_TABLE_H
#define VOQ_TOOLS_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name_entry {
    const char *name; /* NULL: a free place */
    uint32_t value;
};

struct name_table {
    struct name_entry *entry;
    size_t n_entry, capacity; /* capacity: 0 or a power of two */
};

/* NULL: not there. text needs no final zero. The entry moves when another is added. */
const struct name_entry *name_table_find(const struct name_table *table, const char *text,
                                         size_t n);

/* The name must not be there yet. False: no memory. */
bool name_table_add(struct name_table *table, const char *name, uint32_t value);

void name_table_free(struct name_table *table);

#endif

/* SPDX-License-Identifier: MIT */
/* Numbers for names: phones, speakers, utterances. */
#ifndef VOQ_TOOLS_NAME_INDEX_H
#define VOQ_TOOLS_NAME_INDEX_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define NO_NAME UINT32_MAX

struct name_index {
    char **name;    /* [n], in the order of their first appearance until sorted */
    uint32_t n;
    size_t capacity;
    uint32_t *slot; /* [n_slot] open addressing; NO_NAME is free */
    size_t n_slot;  /* a power of 2, or 0 */
};

/* *id is the name's number, new or old. A table of zeros is empty. */
bool name_index_add(struct name_index *table, const char *name, uint32_t *id,
                    struct failure *failure);

/* NO_NAME: not there. */
uint32_t name_index_find(const struct name_index *table, const char *name);

/* Orders the names by their bytes; new_id[n] is allocated and says where each went. */
bool name_index_sort(struct name_index *table, uint32_t **new_id, struct failure *failure);

void name_index_clear(struct name_index *table);

#endif

/* SPDX-License-Identifier: MIT */
/* Numbers for names: phones, speakers, utterances. */
#ifndef VOQ_TOOLS_NAME_INDEX_H
#define VOQ_TOOLS_NAME_INDEX_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define NO_NAME UINT32_MAX

/* All zero is an empty index. */
struct name_index {
    char **name;     /* [n] copies, in the order of their first appearance until sorted */
    uint32_t *value; /* [n], for the caller; 0 at first. Sorting drops them */
    uint32_t n;
    size_t capacity;
    uint32_t *slot; /* [n_slot] open addressing; NO_NAME is free */
    size_t n_slot;  /* a power of 2, or 0 */
};

/* Finds or adds the name; *id is its number, which for a new name is the old n. The second function
   takes a text of `length` bytes without a final zero. */
bool name_index_add(struct name_index *index, const char *name, uint32_t *id,
                    struct failure *failure);
bool name_index_add_part(struct name_index *index, const char *text, size_t length, uint32_t *id,
                         struct failure *failure);

/* Returns the name's number, or NO_NAME. */
uint32_t name_index_find(const struct name_index *index, const char *name);

/* Sorts the names by their bytes; new_id[old] is the new number. The caller frees *new_id. */
bool name_index_sort(struct name_index *index, uint32_t **new_id, struct failure *failure);

void name_index_clear(struct name_index *index);

#endif

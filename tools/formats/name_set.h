/* SPDX-License-Identifier: MIT */
/* A set of names. */
#ifndef VOQ_TOOLS_NAME_SET_H
#define VOQ_TOOLS_NAME_SET_H

#include "tools/base/failure.h"

#include <stddef.h>

struct name_set {
    char **slot; /* [n_slot], a power of two; NULL: free */
    size_t n_slot, n;
};

/* Puts a copy of name into the set (all zeros at first); *added = false: it was there. */
bool name_set_add(struct name_set *set, const char *name, bool *added, struct failure *failure);
void name_set_free(struct name_set *set);

#endif

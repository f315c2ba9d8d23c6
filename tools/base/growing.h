/* SPDX-License-Identifier: MIT */
/* Arrays that grow. */
#ifndef VOQ_TOOLS_GROWING_H
#define VOQ_TOOLS_GROWING_H

#include "tools/base/failure.h"

#include <stddef.h>

/* Makes room for n items of item_size bytes: *array is moved and *capacity raised, at least by
   half. Failing (EXIT_INTERNAL, no memory) leaves both as they were. */
bool grow(void *array, size_t *capacity, size_t n, size_t item_size, struct failure *failure);

/* n * item_size zeroed bytes; NULL: no memory, or too many. Never NULL for n = 0. */
void *zeroed(size_t n, size_t item_size, struct failure *failure);

#endif

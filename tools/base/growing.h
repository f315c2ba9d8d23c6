/* SPDX-License-Identifier: MIT */
/* Arrays that grow. */
#ifndef VOQ_TOOLS_GROWING_H
#define VOQ_TOOLS_GROWING_H

#include "tools/base/failure.h"

#include <stddef.h>

/* Makes room for n items of item_size bytes: moves *array and raises *capacity, at least by half.
   A failure (EXIT_INTERNAL, no memory) changes neither. */
bool grow(void *array, size_t *capacity, size_t n, size_t item_size, struct failure *failure);

/* Allocates n * item_size zeroed bytes; NULL: no memory, or too many. Never NULL for n = 0. */
void *zeroed(size_t n, size_t item_size, struct failure *failure);

#endif

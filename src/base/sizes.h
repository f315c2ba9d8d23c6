/* SPDX-License-Identifier: MIT */
/* Checks of the sizes that callers state. */
#ifndef VOQ_SIZES_H
#define VOQ_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether n rows of row_size bytes can be one object: no object is larger than PTRDIFF_MAX. */
static inline bool can_exist(uint64_t n, size_t row_size)
{
    return n <= (uint64_t)PTRDIFF_MAX / row_size;
}

/* Returns the count as a size_t, or SIZE_MAX where it does not fit. */
static inline size_t saturated(uint64_t n)
{
    return n < SIZE_MAX ? (size_t)n : SIZE_MAX;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Sizes that callers state are believed only where such an array could be. */
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

/* A count as a size_t, the largest one where it does not fit. */
static inline size_t saturated(uint64_t n)
{
    return n < SIZE_MAX ? (size_t)n : SIZE_MAX;
}

#endif

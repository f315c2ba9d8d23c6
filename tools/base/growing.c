/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool grow(void *array, size_t *capacity, size_t n, size_t item_size, struct failure *failure)
{
    if (n <= *capacity) return true;
    size_t half_more = *capacity + *capacity / 2;
    size_t wanted = n > half_more ? n : half_more;
    if (wanted < 16) wanted = 16;
    void *old, *moved = NULL;
    memcpy(&old, array, sizeof old);
    if (wanted <= SIZE_MAX / item_size) moved = realloc(old, wanted * item_size);
    if (!moved) return fail_memory(failure);
    memcpy(array, &moved, sizeof moved);
    *capacity = wanted;
    return true;
}

void *zeroed(size_t n, size_t item_size, struct failure *failure)
{
    void *memory = calloc(n ? n : 1, item_size);
    if (!memory) fail_memory(failure);
    return memory;
}

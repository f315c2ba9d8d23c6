/* SPDX-License-Identifier: MIT */
/* Lays objects out in one piece of memory. The same code measures and places, so the two cannot
   disagree: with base NULL it only counts, and the pointers it returns must not be dereferenced. */
#ifndef VOQ_ARENA_H
#define VOQ_ARENA_H

#include <stddef.h>
#include <stdint.h>

enum { ARENA_ALIGN = 64 };

struct arena {
    char *base; /* aligned to ARENA_ALIGN, or NULL to measure */
    size_t used;
};

/* n items of item_size bytes, aligned to ARENA_ALIGN. A size beyond the address space is measured
   as SIZE_MAX, and never placed. */
static inline void *arena_take(struct arena *arena, size_t n, size_t item_size)
{
    char *p = arena->base ? arena->base + arena->used : NULL;
    size_t room = (SIZE_MAX - arena->used) / ARENA_ALIGN * ARENA_ALIGN;
    if (n > room / item_size)
        arena->used = SIZE_MAX;
    else
        arena->used += (n * item_size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    return p;
}

/* How much memory of any alignment the measured objects need. */
static inline size_t arena_size(const struct arena *arena)
{
    return arena->used < SIZE_MAX - ARENA_ALIGN ? arena->used + ARENA_ALIGN : SIZE_MAX;
}

/* An arena in the caller's memory of any alignment, which has ARENA_ALIGN bytes to spare. */
static inline struct arena arena_in(void *memory)
{
    uintptr_t address = (uintptr_t)memory;
    return (struct arena){(char *)memory + (ARENA_ALIGN - address % ARENA_ALIGN) % ARENA_ALIGN, 0};
}

#define ARENA_TAKE(arena, n, type) ((type *)arena_take((arena), (n), sizeof(type)))

#endif

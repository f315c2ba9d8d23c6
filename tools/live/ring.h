/* SPDX-License-Identifier: MIT */
/* A ring of equal elements between two threads: one writes, the other reads, neither waits and
   neither locks. Element i of what can be read is the i-th oldest. */
#ifndef VOQ_TOOLS_RING_H
#define VOQ_TOOLS_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct ring {
    unsigned char *element; /* [capacity][size] */
    size_t size;            /* bytes of an element */
    size_t capacity;        /* a power of two */
    _Alignas(64) _Atomic size_t written; /* elements since the start, by the writer */
    _Alignas(64) _Atomic size_t read;    /* elements since the start, by the reader */
};

/* Room for at least n elements of `size` bytes. False: no memory. */
bool ring_make(struct ring *ring, size_t n, size_t size);
void ring_free(struct ring *ring);

/* Writer: how many elements fit now; copies n of them, which must fit. */
size_t ring_space(const struct ring *ring);
void ring_write(struct ring *ring, const void *element, size_t n);

/* Reader: how many elements can be read now; copies n from the `first` oldest on; forgets the n
   oldest. first + n must not be more than can be read. */
size_t ring_filled(const struct ring *ring);
void ring_peek(const struct ring *ring, size_t first, void *element, size_t n);
void ring_forget(struct ring *ring, size_t n);

#endif

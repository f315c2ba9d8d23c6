/* SPDX-License-Identifier: MIT */
/* A lock-free ring of elements of equal size between one writing and one reading thread; neither
   waits. Elements are read oldest first. */
#ifndef VOQ_TOOLS_RING_H
#define VOQ_TOOLS_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct ring {
    unsigned char *element; /* [capacity][size] */
    size_t size;            /* bytes of an element */
    size_t capacity;        /* a power of two */
    _Alignas(64) _Atomic size_t written; /* elements since the start; set by the writer */
    _Alignas(64) _Atomic size_t read;    /* elements since the start; set by the reader */
};

/* Room for at least n elements of `size` bytes. False: no memory. */
bool ring_make(struct ring *ring, size_t n, size_t size);
void ring_free(struct ring *ring);

/* Writer: the number of elements that fit now; write copies n elements, which must fit. */
size_t ring_space(const struct ring *ring);
void ring_write(struct ring *ring, const void *element, size_t n);

/* Reader: the number of elements that can be read now; peek copies n, skipping the `first` oldest;
   forget removes the n oldest. first + n must not exceed what can be read. */
size_t ring_filled(const struct ring *ring);
void ring_peek(const struct ring *ring, size_t first, void *element, size_t n);
void ring_forget(struct ring *ring, size_t n);

#endif

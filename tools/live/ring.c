/* SPDX-License-Identifier: MIT */
#include "tools/live/ring.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool ring_make(struct ring *ring, size_t n, size_t size)
{
    size_t capacity = 1;
    while (capacity < n && capacity <= SIZE_MAX / 2) capacity *= 2;
    if (capacity < n || size == 0 || capacity > SIZE_MAX / size) return false;
    ring->element = calloc(capacity, size);
    ring->size = size;
    ring->capacity = capacity;
    atomic_init(&ring->written, 0);
    atomic_init(&ring->read, 0);
    return ring->element != NULL;
}

void ring_free(struct ring *ring)
{
    free(ring->element);
    ring->element = NULL;
}

/* The counters only grow and wrap around together; their difference is the filled size. */

size_t ring_space(const struct ring *ring)
{
    size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    return ring->capacity - (written - atomic_load_explicit(&ring->read, memory_order_acquire));
}

void ring_write(struct ring *ring, const void *element, size_t n)
{
    size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    size_t at = written & (ring->capacity - 1);
    size_t n_first = n < ring->capacity - at ? n : ring->capacity - at;
    memcpy(ring->element + at * ring->size, element, n_first * ring->size);
    memcpy(ring->element, (const unsigned char *)element + n_first * ring->size,
           (n - n_first) * ring->size);
    atomic_store_explicit(&ring->written, written + n, memory_order_release);
}

size_t ring_filled(const struct ring *ring)
{
    return atomic_load_explicit(&ring->written, memory_order_acquire) -
           atomic_load_explicit(&ring->read, memory_order_relaxed);
}

void ring_peek(const struct ring *ring, size_t first, void *element, size_t n)
{
    size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
    size_t at = (read + first) & (ring->capacity - 1);
    size_t n_first = n < ring->capacity - at ? n : ring->capacity - at;
    memcpy(element, ring->element + at * ring->size, n_first * ring->size);
    memcpy((unsigned char *)element + n_first * ring->size, ring->element,
           (n - n_first) * ring->size);
}

void ring_forget(struct ring *ring, size_t n)
{
    size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
    atomic_store_explicit(&ring->read, read + n, memory_order_release);
}

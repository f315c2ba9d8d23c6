/* SPDX-License-Identifier: MIT */
/* A file of its own: a compiler may assume that malloc changes no counter beside its caller. */
#include "tests/fault/allocations.h"

#include <stdbool.h>

static size_t n_made, fail_at;
static long n_live;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t n);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

size_t allocations_made(void)
{
    return n_made;
}

long allocations_live(void)
{
    return n_live;
}

void allocations_fail(size_t n)
{
    fail_at = n ? n_made + n : 0;
}

static bool fails(void)
{
    return ++n_made == fail_at;
}

void *__wrap_malloc(size_t n)
{
    void *p = fails() ? NULL : __real_malloc(n);
    n_live += p != NULL;
    return p;
}

void *__wrap_calloc(size_t n, size_t size)
{
    void *p = fails() ? NULL : __real_calloc(n, size);
    n_live += p != NULL;
    return p;
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
    void *p = fails() ? NULL : __real_aligned_alloc(alignment, n);
    n_live += p != NULL;
    return p;
}

void *__wrap_realloc(void *old, size_t n)
{
    void *p = fails() ? NULL : __real_realloc(old, n);
    n_live += p != NULL && old == NULL;
    return p;
}

void __wrap_free(void *p)
{
    n_live -= p != NULL;
    __real_free(p);
}

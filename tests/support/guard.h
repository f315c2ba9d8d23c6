/* SPDX-License-Identifier: MIT */
/* Memory between two guard pages: a read or write outside it ends the test. WASI has no such pages;
   there only the results count. */
#ifndef VOQ_TESTS_GUARD_H
#define VOQ_TESTS_GUARD_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifndef __wasi__
#include <sys/mman.h>
#include <unistd.h>
#endif

struct guarded {
    char *mapping, *first; /* all pages, and the first usable byte */
    size_t n_mapped, n_usable;
};

#ifdef __wasi__
static inline struct guarded guard_new(size_t n_byte)
{
    char *memory = aligned_alloc(4096, (n_byte + 4095) / 4096 * 4096 + 4096);
    if (!memory) abort();
    return (struct guarded){memory, memory, 0, (n_byte + 4095) / 4096 * 4096 + 4096};
}

static inline void guard_free(struct guarded *g)
{
    free(g->mapping);
}
#else
static inline struct guarded guard_new(size_t n_byte)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t n_usable = (n_byte + page - 1) / page * page + page;
    struct guarded g = {NULL, NULL, n_usable + 2 * page, n_usable};
    g.mapping = mmap(NULL, g.n_mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (g.mapping == MAP_FAILED) abort();
    g.first = g.mapping + page;
    if (mprotect(g.mapping, page, PROT_NONE) || mprotect(g.first + n_usable, page, PROT_NONE))
        abort();
    return g;
}

static inline void guard_free(struct guarded *g)
{
    munmap(g->mapping, g->n_mapped);
}
#endif

/* Returns n_byte bytes that begin at a guard page, or end as close to one as `align` allows. */
static inline void *guard_place(const struct guarded *g, size_t n_byte, size_t align, int at_end)
{
    if (!at_end) return g->first;
    return g->first + (g->n_usable - n_byte) / align * align;
}

#endif

/* SPDX-License-Identifier: MIT */
#include "tools/corpus/text_pool.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 16 };

struct text_block {
    struct text_block *next;
    size_t used, capacity;
    char text[];
};

char *text_pool_room(struct text_pool *pool, size_t n)
{
    struct text_block *block = pool->block;
    if (!block || block->capacity - block->used < n + 1) {
        size_t capacity = n + 1 > BLOCK_BYTES ? n + 1 : BLOCK_BYTES;
        block = malloc(sizeof *block + capacity);
        if (!block) return NULL;
        *block = (struct text_block){.next = pool->block, .capacity = capacity};
        pool->block = block;
    }
    char *text = block->text + block->used;
    block->used += n + 1;
    text[n] = '\0';
    return text;
}

char *text_pool_copy(struct text_pool *pool, const char *text, size_t n)
{
    char *copy = text_pool_room(pool, n);
    if (copy) memcpy(copy, text, n);
    return copy;
}

char *text_pool_join(struct text_pool *pool, const char *a, const char *b, const char *c)
{
    size_t n_a = strlen(a), n_b = strlen(b), n_c = strlen(c);
    char *text = text_pool_room(pool, n_a + n_b + n_c);
    if (!text) return NULL;
    memcpy(text, a, n_a);
    memcpy(text + n_a, b, n_b);
    memcpy(text + n_a + n_b, c, n_c);
    return text;
}

void text_pool_free(struct text_pool *pool)
{
    while (pool->block) {
        struct text_block *next = pool->block->next;
        free(pool->block);
        pool->block = next;
    }
}

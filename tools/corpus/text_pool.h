/* SPDX-License-Identifier: MIT */
/* Many short strings that are freed together. All zero is an empty pool. */
#ifndef VOQ_TOOLS_TEXT_POOL_H
#define VOQ_TOOLS_TEXT_POOL_H

#include <stddef.h>

struct text_pool {
    struct text_block *block;
};

/* Returns room for n bytes and a final zero, which is set; NULL: no memory. */
char *text_pool_room(struct text_pool *pool, size_t n);
char *text_pool_copy(struct text_pool *pool, const char *text, size_t n);
char *text_pool_join(struct text_pool *pool, const char *a, const char *b, const char *c);
void text_pool_free(struct text_pool *pool);

#endif

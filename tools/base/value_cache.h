/* SPDX-License-Identifier: MIT */
/* Values of 32 bits in a file without a name, so that memory does not grow with the corpus and no
   file remains, however training ends. */
#ifndef VOQ_TOOLS_VALUE_CACHE_H
#define VOQ_TOOLS_VALUE_CACHE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct value_cache;

/* Makes the file in `folder`. EXIT_OUTPUT if that fails. */
bool value_cache_new(struct value_cache **cache, const char *folder, struct failure *failure);
void value_cache_free(struct value_cache *cache); /* NULL is allowed */

/* Adds n values behind those added before and returns their place. Any number of threads may add at
   once. */
bool value_cache_add(struct value_cache *cache, const void *value, size_t n, uint64_t *place,
                     struct failure *failure);

/* For a caller that adds none, and counts itself: writes n values at `place`, over old ones or at
   the end. */
bool value_cache_put(struct value_cache *cache, uint64_t place, const void *value, size_t n,
                     struct failure *failure);

/* Reads n values from `place` on; any number of threads at once. */
bool value_cache_get(const struct value_cache *cache, uint64_t place, void *value, size_t n,
                     struct failure *failure);

#endif

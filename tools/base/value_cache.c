/* SPDX-License-Identifier: MIT */
#include "tools/base/value_cache.h"

#include "tools/base/unlinked_file.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VALUE_BYTES = 4 };

struct value_cache {
    atomic_uint_least64_t n; /* values that were added */
    int file;
    char *folder; /* for messages */
};

bool value_cache_new(struct value_cache **cache, const char *folder, struct failure *failure)
{
    struct value_cache *made = calloc(1, sizeof *made);
    if (!made || !(made->folder = strdup(folder))) {
        free(made);
        return fail_memory(failure);
    }
    made->file = unlinked_file_open(folder);
    if (made->file >= 0) {
        *cache = made;
        return true;
    }
    fail(failure, EXIT_OUTPUT,
         "%s: the cache file cannot be created here: %s; choose another folder with "
         "--cache-dir", folder, strerror(errno));
    free(made->folder);
    free(made);
    return false;
}

void value_cache_free(struct value_cache *cache)
{
    if (!cache) return;
    close(cache->file);
    free(cache->folder);
    free(cache);
}

bool value_cache_add(struct value_cache *cache, const void *value, size_t n, uint64_t *place,
                     struct failure *failure)
{
    *place = atomic_fetch_add(&cache->n, n);
    return value_cache_put(cache, *place, value, n, failure);
}

bool value_cache_put(struct value_cache *cache, uint64_t place, const void *value, size_t n,
                     struct failure *failure)
{
    size_t left = n * VALUE_BYTES;
    off_t at = (off_t)(place * VALUE_BYTES);
    for (const char *from = value; left > 0;) {
        ssize_t done = pwrite(cache->file, from, left, at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0)
            return fail(failure, EXIT_OUTPUT, "%s: the cache file cannot grow: %s; choose another "
                        "folder with --cache-dir", cache->folder,
                        strerror(done < 0 ? errno : ENOSPC));
        from += done;
        at += done;
        left -= (size_t)done;
    }
    return true;
}

bool value_cache_get(const struct value_cache *cache, uint64_t place, void *value, size_t n,
                     struct failure *failure)
{
    size_t left = n * VALUE_BYTES;
    off_t at = (off_t)(place * VALUE_BYTES);
    for (char *to = value; left > 0;) {
        ssize_t done = pread(cache->file, to, left, at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0)
            return fail(failure, EXIT_INTERNAL, "%s: the cache file cannot be read back: %s",
                        cache->folder, done < 0 ? strerror(errno) : "it has become shorter");
        to += done;
        at += done;
        left -= (size_t)done;
    }
    return true;
}

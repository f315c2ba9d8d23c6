/* SPDX-License-Identifier: MIT */
#include "tools/train/frames.h"

#include "tools/base/unlinked_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct frames {
    uint32_t dim;
    uint64_t n;
    int file;
    char *folder; /* for messages */
};

bool frames_new(struct frames **frames, uint32_t dim, const char *folder, struct failure *failure)
{
    struct frames *made = calloc(1, sizeof *made);
    if (!made || !(made->folder = strdup(folder))) {
        free(made);
        return fail_memory(failure);
    }
    made->dim = dim;
    made->file = unlinked_file_open(folder);
    if (made->file >= 0) {
        *frames = made;
        return true;
    }
    fail(failure, EXIT_OUTPUT,
         "%s: the cache file cannot be created here: %s; choose another folder with "
         "--cache-dir", folder, strerror(errno));
    free(made->folder);
    free(made);
    return false;
}

void frames_free(struct frames *frames)
{
    if (!frames) return;
    close(frames->file);
    free(frames->folder);
    free(frames);
}

uint32_t frames_dim(const struct frames *frames)
{
    return frames->dim;
}

uint64_t frames_count(const struct frames *frames)
{
    return frames->n;
}

uint64_t frames_block_count(const struct frames *frames)
{
    return (frames->n + FRAMES_BLOCK - 1) / FRAMES_BLOCK;
}

bool frames_put(struct frames *frames, uint64_t first, const float *x, size_t n,
                struct failure *failure)
{
    size_t row = frames->dim * sizeof *x, left = n * row;
    off_t at = (off_t)(first * row);
    for (const char *from = (const char *)x; left > 0;) {
        ssize_t done = pwrite(frames->file, from, left, at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0)
            return fail(failure, EXIT_OUTPUT, "%s: the cache file cannot grow: %s; choose another "
                        "folder with --cache-dir, or fewer frames with --frames", frames->folder,
                        strerror(done < 0 ? errno : ENOSPC));
        from += done;
        at += done;
        left -= (size_t)done;
    }
    if (first + n > frames->n) frames->n = first + n;
    return true;
}

bool frames_get(const struct frames *frames, uint64_t first, size_t n, float *x,
                struct failure *failure)
{
    size_t row = frames->dim * sizeof *x, left = n * row;
    off_t at = (off_t)(first * row);
    for (char *to = (char *)x; left > 0;) {
        ssize_t done = pread(frames->file, to, left, at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0)
            return fail(failure, EXIT_INTERNAL, "%s: the cache file cannot be read back: %s",
                        frames->folder, done < 0 ? strerror(errno) : "it has become shorter");
        to += done;
        at += done;
        left -= (size_t)done;
    }
    return true;
}

bool frames_get_block(const struct frames *frames, uint64_t block, float *x, size_t *n,
                      struct failure *failure)
{
    uint64_t first = block * FRAMES_BLOCK, left = frames->n - first;
    *n = left < FRAMES_BLOCK ? (size_t)left : FRAMES_BLOCK;
    return frames_get(frames, first, *n, x, failure);
}

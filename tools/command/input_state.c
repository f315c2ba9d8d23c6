/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* asprintf */
#include "tools/command/input_state.h"

#include "tools/base/content_hash.h"
#include "tools/formats/feature_shard_place.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The caller frees the path. NULL: the input has no side file, or no memory. */
static char *side_path(const struct utterance *utterance)
{
    char *path;
    if (utterance->kind == CORPUS_VECTORS) return feature_lengths_beside(utterance->path);
    return asprintf(&path, "%s.gaps", utterance->path) < 0 ? NULL : path;
}

static uint64_t mtime_ns(const struct stat *status)
{
    return (uint64_t)status->st_mtim.tv_sec * 1000000000u + (uint64_t)status->st_mtim.tv_nsec;
}

static void add_side(struct input_state *state, const char *path)
{
    struct stat status;
    if (!path || stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return;
    state->size += 1 + (uint64_t)status.st_size;
    state->mtime_ns = state->mtime_ns * 31 + mtime_ns(&status);
}

/* Returns everything but the hash, which is 0, and reads no file. */
static struct input_state look(const struct utterance *utterance)
{
    struct input_state state = {.kind = INPUT_PIPE};
    struct stat status;
    if (utterance->is_command || strcmp(utterance->path, "-") == 0) return state;
    if (stat(utterance->path, &status) != 0) {
        state.kind = INPUT_ABSENT;
        return state;
    }
    if (!S_ISREG(status.st_mode)) return state;
    state = (struct input_state){INPUT_FILE, (uint64_t)status.st_size, mtime_ns(&status), 0};
    char *side = side_path(utterance);
    add_side(&state, side);
    free(side);
    return state;
}

/* False: not a readable regular file. */
static bool add_file(struct content_hash *hash, const char *path)
{
    struct stat status;
    int fd = path ? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    if (fd < 0) return false;
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                content_hash_add_file(hash, fd, 0, (uint64_t)status.st_size) == 0;
    close(fd);
    return good;
}

struct input_state input_state_read(const struct utterance *utterance)
{
    struct input_state state = look(utterance);
    struct content_hash hash;
    if (state.kind != INPUT_FILE) return state;
    content_hash_begin(&hash);
    if (!add_file(&hash, utterance->path)) return (struct input_state){.kind = INPUT_ABSENT};
    char *side = side_path(utterance);
    (void)add_file(&hash, side);
    free(side);
    if (!input_state_stands(utterance, &state)) return (struct input_state){.kind = INPUT_MOVING};
    state.hash = content_hash_value(&hash);
    return state;
}

bool input_state_stands(const struct utterance *utterance, const struct input_state *state)
{
    struct input_state now = look(utterance);
    return now.kind == state->kind && now.size == state->size && now.mtime_ns == state->mtime_ns;
}

enum input_change input_state_compare(const struct utterance *utterance,
                                      const struct input_state *then)
{
    struct input_state now = look(utterance);
    if (now.kind == INPUT_PIPE && then->kind == INPUT_PIPE) return INPUT_NOT_COMPARED;
    if (now.kind == INPUT_ABSENT && then->kind != INPUT_ABSENT) return INPUT_GONE;
    if (now.kind != then->kind || now.size != then->size) return INPUT_CHANGED;
    if (now.mtime_ns == then->mtime_ns) return INPUT_SAME;
    now = input_state_read(utterance);
    return now.kind == then->kind && now.hash == then->hash ? INPUT_SAME : INPUT_CHANGED;
}

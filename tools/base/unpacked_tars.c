/* SPDX-License-Identifier: MIT */
#include "tools/base/unpacked_tars.h"

#include "tools/base/unlinked_file.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct copy {
    struct copy *next;
    char *path;
    int fd;
    size_t n_user;
};

struct unpacked_tars {
    const struct libarchive *library;
    pthread_mutex_t lock;
    struct copy *first; /* the one that was used last comes first */
};

struct unpacked_tars *unpacked_tars_new(const struct libarchive *library)
{
    struct unpacked_tars *tars = calloc(1, sizeof *tars);
    if (!tars) return NULL;
    tars->library = library;
    pthread_mutex_init(&tars->lock, NULL);
    return tars;
}

static void free_copy(struct copy *copy)
{
    if (copy->fd >= 0) close(copy->fd);
    free(copy->path);
    free(copy);
}

/* Copies as much as can be unpacked: the members before damage are read. */
static bool write_bytes(const struct libarchive *library, struct archive *archive, int fd)
{
    struct archive_entry *entry;
    char bytes[1 << 16];
    ssize_t n = library->next_header(archive, &entry) == LIBARCHIVE_OK ? 1 : 0;
    while (n > 0) {
        n = library->read_data(archive, bytes, sizeof bytes);
        if (n > 0 && !unlinked_file_write(fd, bytes, (size_t)n)) return false;
    }
    return true;
}

static bool unpack(struct unpacked_tars *tars, struct copy *copy, struct failure *failure)
{
    const char *folder = unlinked_file_folder();
    struct archive *archive;
    if (!libarchive_open(tars->library, copy->path, LIBARCHIVE_BYTES, &archive, failure))
        return false;
    copy->fd = unlinked_file_open(folder);
    bool good = copy->fd >= 0 && write_bytes(tars->library, archive, copy->fd);
    if (!good)
        fail(failure, EXIT_INPUT,
             "%s: cannot be unpacked to %s: %s; set TMPDIR to another folder, or use tars that "
             "are not compressed", copy->path, folder, strerror(errno));
    tars->library->read_free(archive);
    return good;
}

/* Removes copies without users, but for the last one that was used. */
static void remove_unused(struct unpacked_tars *tars)
{
    bool is_last = true;
    for (struct copy **at = &tars->first; *at;) {
        struct copy *copy = *at;
        if (copy->n_user > 0 || is_last) {
            is_last = is_last && copy->n_user > 0;
            at = &copy->next;
            continue;
        }
        *at = copy->next;
        free_copy(copy);
    }
}

static struct copy *add(struct unpacked_tars *tars, const char *path, struct failure *failure)
{
    struct copy *copy = calloc(1, sizeof *copy);
    if (copy) copy->path = strdup(path);
    if (!copy || !copy->path) {
        free(copy);
        fail_memory(failure);
        return NULL;
    }
    copy->fd = -1;
    remove_unused(tars);
    if (!unpack(tars, copy, failure)) {
        free_copy(copy);
        return NULL;
    }
    return copy;
}

/* Takes the copy of a path out of the list. */
static struct copy *take(struct unpacked_tars *tars, const char *path)
{
    for (struct copy **at = &tars->first; *at; at = &(*at)->next) {
        struct copy *copy = *at;
        if (strcmp(copy->path, path) != 0) continue;
        *at = copy->next;
        return copy;
    }
    return NULL;
}

bool unpacked_tars_use(struct unpacked_tars *tars, const char *path, int *fd,
                       struct failure *failure)
{
    pthread_mutex_lock(&tars->lock);
    struct copy *copy = take(tars, path);
    if (!copy) copy = add(tars, path, failure);
    if (copy) {
        copy->n_user++;
        copy->next = tars->first;
        tars->first = copy;
        *fd = copy->fd;
    }
    pthread_mutex_unlock(&tars->lock);
    return copy != NULL;
}

void unpacked_tars_release(struct unpacked_tars *tars, int fd)
{
    pthread_mutex_lock(&tars->lock);
    for (struct copy *copy = tars->first; copy; copy = copy->next)
        if (copy->fd == fd) copy->n_user--;
    pthread_mutex_unlock(&tars->lock);
}

void unpacked_tars_free(struct unpacked_tars *tars)
{
    if (!tars) return;
    while (tars->first) {
        struct copy *copy = tars->first;
        tars->first = copy->next;
        free_copy(copy);
    }
    pthread_mutex_destroy(&tars->lock);
    free(tars);
}

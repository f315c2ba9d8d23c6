/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* O_CLOEXEC, flock */
#include "tools/cli/checkpoint_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether the name still refers to the open file; a training that has just ended may have deleted
   it. */
static bool is_named(int fd, const char *path, struct stat *opened)
{
    struct stat named;
    return fstat(fd, opened) == 0 && lstat(path, &named) == 0 && named.st_dev == opened->st_dev &&
           named.st_ino == opened->st_ino;
}

static bool lock(struct checkpoint_file *file, struct failure *failure)
{
    struct stat status;
    for (;;) {
        file->lock = open(file->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                          0666);
        if (file->lock < 0)
            return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", file->lock_path,
                        strerror(errno));
        if (flock(file->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            return fail(failure, EXIT_USAGE,
                        "%s: another voq is training with this checkpoint; wait for it or choose "
                        "another file",
                        file->path);
        if (is_named(file->lock, file->lock_path, &status)) break;
        close(file->lock);
    }
    /* A file that is not empty was not made by voq and must be kept. */
    if (S_ISREG(status.st_mode) && status.st_size == 0) return true;
    return fail(failure, EXIT_USAGE,
                "%s: is not a lock of voq, but --checkpoint %s needs this name; choose another "
                "checkpoint", file->lock_path, file->path);
}

bool checkpoint_file_take(struct checkpoint_file *file, bool resume, struct failure *failure)
{
    struct stat status;
    if (!file->path || stat(file->path, &status) != 0) return true;
    if (!resume)
        return fail(failure, EXIT_USAGE,
                    "%s: the checkpoint already exists; continue from it with --resume, or choose "
                    "another file", file->path);
    file->exists = true;
    file->device = status.st_dev;
    file->inode = status.st_ino;
    return true;
}

/* FILE.lock; a FILE that is too long for the suffix is shortened. */
static char *path_of_lock(const char *path)
{
    enum { LONGEST_NAME = 255 };
    static const char suffix[] = ".lock";
    const char *slash = strrchr(path, '/');
    size_t n_folder = slash ? (size_t)(slash - path) + 1 : 0, n_name = strlen(path + n_folder);
    if (n_name > LONGEST_NAME - strlen(suffix)) n_name = LONGEST_NAME - strlen(suffix);
    char *lock_path = malloc(n_folder + n_name + sizeof suffix);
    if (lock_path) sprintf(lock_path, "%.*s%s", (int)(n_folder + n_name), path, suffix);
    return lock_path;
}

bool checkpoint_file_claim(struct checkpoint_file *file, const char *path,
                           struct failure *failure)
{
    struct stat status;
    *file = (struct checkpoint_file){.lock = -1};
    if (!path) return true;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return fail(failure, EXIT_USAGE, "%s: is not a regular file; choose another --checkpoint",
                    path);
    file->lock_path = path_of_lock(path);
    if (!file->lock_path) return fail_memory(failure);
    file->path = path;
    if (lock(file, failure)) return true;
    if (file->lock >= 0) close(file->lock);
    free(file->lock_path);
    *file = (struct checkpoint_file){.lock = -1};
    return false;
}

static bool is_there(const struct checkpoint_file *file, bool *is_own)
{
    struct stat status;
    if (stat(file->path, &status) != 0) return false;
    *is_own = file->exists && status.st_dev == file->device && status.st_ino == file->inode;
    return true;
}

bool checkpoint_file_is_own(const struct checkpoint_file *file, struct failure *failure)
{
    bool is_own;
    return !is_there(file, &is_own) || is_own ||
           fail(failure, EXIT_OUTPUT,
                "%s: is no longer the checkpoint of this training but another file, which is "
                "kept", file->path);
}

void checkpoint_file_written(struct checkpoint_file *file)
{
    struct stat status;
    file->exists = stat(file->path, &status) == 0;
    if (!file->exists) return;
    file->device = status.st_dev;
    file->inode = status.st_ino;
}

void checkpoint_file_release(struct checkpoint_file *file, bool done)
{
    bool is_own = false;
    if (!file->path) return;
    if (done && is_there(file, &is_own) && is_own) unlink(file->path);
    unlink(file->lock_path);
    close(file->lock);
    free(file->lock_path);
    *file = (struct checkpoint_file){.lock = -1};
}

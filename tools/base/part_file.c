/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* O_PATH, getrandom */
#include "tools/base/part_file.h"

#include "tools/base/content_hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

enum { PREFIX = 5, TARGET = 8 }; /* lengths of ".voq-" and of the hash */

bool part_tag_draw(char tag[PART_TAG])
{
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) return false;
    snprintf(tag, PART_TAG, "%016" PRIx64, number);
    return true;
}

static void name_part(char name[PART_NAME], const char *target, const char *tag)
{
    struct content_hash hash;
    content_hash_begin(&hash);
    content_hash_add(&hash, target, strlen(target));
    snprintf(name, PART_NAME, ".voq-%08" PRIx32 "-%s.tmp", (uint32_t)content_hash_value(&hash),
             tag);
}

int part_open_folder(const char *path, const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (!folder) return -1;
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    return fd;
}

static bool open_target(struct part_file *part, const char *path, const char *tag)
{
    const char *name;
    *part = (struct part_file){.fd = -1, .folder = -1};
    part->folder = part_open_folder(path, &name);
    if (part->folder < 0) return false;
    name_part(part->name, name, tag);
    part->target = strdup(name);
    return part->target != NULL;
}

bool part_is_own(int folder, const struct stat *status)
{
    struct stat around;
    if (!S_ISREG(status->st_mode) || status->st_nlink != 1 || fstat(folder, &around) != 0)
        return false;
    return status->st_uid == geteuid() || !(around.st_mode & (S_IWGRP | S_IWOTH));
}

static bool remove_own(int folder, const char *name)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           part_is_own(folder, &status) && unlinkat(folder, name, 0) == 0;
}

static bool fail_part(struct part_file *part, int error)
{
    part_close(part);
    errno = error;
    return false;
}

bool part_create(struct part_file *part, const char *path, const char *tag, mode_t mode)
{
    const int how = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    if (!open_target(part, path, tag)) return fail_part(part, errno);
    part->fd = openat(part->folder, part->name, how, mode);
    if (part->fd < 0 && errno == EEXIST && remove_own(part->folder, part->name))
        part->fd = openat(part->folder, part->name, how, mode);
    if (part->fd < 0) return fail_part(part, errno);
    (void)!flock(part->fd, LOCK_EX | LOCK_NB); /* without locks nothing checks for them */
    return true;
}

static int open_own(int folder, const char *name)
{
    struct stat status;
    int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -1;
    if (fstat(fd, &status) == 0 && part_is_own(folder, &status)) return fd;
    close(fd);
    errno = EEXIST;
    return -1;
}

bool part_reopen(struct part_file *part, const char *path, const char *tag, bool *renamed)
{
    if (!open_target(part, path, tag)) return fail_part(part, errno);
    part->fd = open_own(part->folder, part->name);
    *renamed = part->fd < 0 && errno == ENOENT;
    if (*renamed) part->fd = open_own(part->folder, part->target);
    if (part->fd < 0) return fail_part(part, errno == ELOOP ? EEXIST : errno);
    (void)!flock(part->fd, LOCK_EX | LOCK_NB);
    return true;
}

bool part_take_back(struct part_file *part)
{
    return renameat(part->folder, part->target, part->folder, part->name) == 0;
}

static bool is_part_name(const char *name)
{
    static const char pattern[] = ".voq-hhhhhhhh-hhhhhhhhhhhhhhhh.tmp";
    if (strlen(name) != sizeof pattern - 1) return false;
    for (size_t i = 0; pattern[i]; i++)
        if (pattern[i] == 'h' ? !strchr("0123456789abcdef", name[i]) : name[i] != pattern[i])
            return false;
    return true;
}

static bool is_locked(int folder, const char *name)
{
    struct stat status;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return false;
    bool locked = fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
                  flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return locked;
}

/* The entries of a folder; NULL: it cannot be read. */
static DIR *list(int folder)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (fd >= 0 && !entries) close(fd);
    return entries;
}

bool part_has_rival(const struct part_file *part)
{
    bool found = false;
    DIR *entries = list(part->folder);
    for (struct dirent *entry; entries && !found && (entry = readdir(entries));)
        found = is_part_name(entry->d_name) && strcmp(entry->d_name, part->name) != 0 &&
                memcmp(entry->d_name, part->name, PREFIX + TARGET) == 0 &&
                is_locked(part->folder, entry->d_name);
    if (entries) closedir(entries);
    return found;
}

bool part_rename(struct part_file *part)
{
    return renameat(part->folder, part->name, part->folder, part->target) == 0;
}

void part_remove(struct part_file *part)
{
    struct stat own, named;
    if (fstat(part->fd, &own) == 0 &&
        fstatat(part->folder, part->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
        own.st_dev == named.st_dev && own.st_ino == named.st_ino)
        unlinkat(part->folder, part->name, 0);
}

void part_close(struct part_file *part)
{
    if (part->fd > STDERR_FILENO) close(part->fd);
    if (part->folder > STDERR_FILENO) close(part->folder);
    free(part->target);
    *part = (struct part_file){.fd = -1, .folder = -1};
}

static void remove_unused(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) remove_own(folder, name);
    if (fd >= 0) close(fd);
}

static bool has_tag(const char *name, const char *tag)
{
    return is_part_name(name) &&
           strncmp(name + PREFIX + TARGET + 1, tag, PART_TAG - 1) == 0;
}

static int open_inner(int folder, const struct dirent *entry)
{
    bool is_outer = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (is_outer || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN)) return -1;
    return openat(folder, entry->d_name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Removes files with this tag and closes the folder. deep: subfolders too; no link is followed. */
static void sweep(int folder, const char *tag, bool deep)
{
    DIR *entries = folder >= 0 ? list(folder) : NULL;
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        if (has_tag(entry->d_name, tag)) remove_unused(folder, entry->d_name);
        if (deep) sweep(open_inner(folder, entry), tag, deep);
    }
    if (entries) closedir(entries);
    if (folder >= 0) close(folder);
}

void part_sweep(const char *path, const char *tag)
{
    const char *name;
    sweep(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), tag, true);
    sweep(part_open_folder(path, &name), tag, false);
}

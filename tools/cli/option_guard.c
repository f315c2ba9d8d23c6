/* SPDX-License-Identifier: MIT */
#include "tools/cli/option_guard.h"

#include "tools/base/growing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct guard_file {
    const char *path;
    bool borrowed;
    bool alone;  /* of an input, see option_guard_add */
    bool opened; /* of an output: it is open, so the same name again is a second output */
};

struct guard_inode {
    dev_t device;
    ino_t inode;
    const char *path; /* of the input */
};

/* ---- one file -------------------------------------------------------------------------------- */

static bool look_at(const char *path, int standard_stream, struct stat *status)
{
    return (strcmp(path, "-") == 0 ? fstat(standard_stream, status) : stat(path, status)) == 0;
}

/* Whether the path is a regular file, which writing would replace. */
static bool is_file(const char *path, int standard_stream, struct stat *status)
{
    return look_at(path, standard_stream, status) && S_ISREG(status->st_mode);
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static const char *spoken(const char *path, const char *standard_stream)
{
    return strcmp(path, "-") == 0 ? standard_stream : path;
}

/* The last part of a path and its length without trailing slashes. */
static const char *last_part(const char *path, size_t *length)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/') end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/') begin--;
    *length = end - begin;
    return path + begin;
}

static bool same_folder(const char *a, size_t n_a, const char *b, size_t n_b)
{
    struct stat status[2];
    const char *const path[] = {a, b};
    const size_t length[] = {n_a, n_b};
    for (int i = 0; i < 2; i++) {
        char *folder = length[i] ? strndup(path[i], length[i]) : strdup(".");
        bool found = folder && stat(folder, &status[i]) == 0;
        free(folder);
        if (!found) return n_a == n_b && memcmp(a, b, n_a) == 0;
    }
    return same_inode(&status[0], &status[1]);
}

/* Whether two names would be the same file; neither needs to exist yet. */
static bool same_name(const char *a, const char *b)
{
    size_t n_a, n_b;
    const char *base_a = last_part(a, &n_a), *base_b = last_part(b, &n_b);
    return n_a == n_b && memcmp(base_a, base_b, n_a) == 0 &&
           same_folder(a, (size_t)(base_a - a), b, (size_t)(base_b - b));
}

bool option_guard_same_output(const char *a, const char *b)
{
    struct stat status_a, status_b;
    if (strcmp(a, "-") == 0 && strcmp(b, "-") == 0) return true;
    bool is_a = look_at(a, STDOUT_FILENO, &status_a), is_b = look_at(b, STDOUT_FILENO, &status_b);
    if (is_a && is_b) return S_ISREG(status_a.st_mode) && same_inode(&status_a, &status_b);
    return !is_a && !is_b && same_name(a, b);
}

/* ---- the lists ------------------------------------------------------------------------------- */

static bool append(struct guard_file **list, size_t *n, size_t *capacity, struct guard_file file,
                   struct failure *failure)
{
    if (!file.borrowed) file.path = strdup(file.path);
    if (!file.path) return fail_memory(failure);
    if (!grow(list, capacity, *n + 1, sizeof **list, failure)) {
        if (!file.borrowed) free((char *)file.path);
        return false;
    }
    (*list)[(*n)++] = file;
    return true;
}

static void free_list(struct guard_file *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!list[i].borrowed) free((char *)list[i].path);
    free(list);
}

void option_guard_free(struct option_guard *guard)
{
    free_list(guard->write, guard->n_write);
    free_list(guard->read, guard->n_read);
    free(guard->inode);
    *guard = (struct option_guard){0};
}

static bool fail_outputs(const char *a, const char *b, struct failure *failure)
{
    return fail(failure, EXIT_USAGE, "%s: is the same output as %s; give them different files",
                spoken(b, "standard output"), spoken(a, "standard output"));
}

bool option_guard_writes(struct option_guard *guard, const char *path, struct failure *failure)
{
    for (size_t i = 0; i < guard->n_write; i++)
        if (option_guard_same_output(guard->write[i].path, path))
            return fail_outputs(guard->write[i].path, path, failure);
    return append(&guard->write, &guard->n_write, &guard->write_capacity,
                  (struct guard_file){.path = path}, failure);
}

bool option_guard_writes_beside(struct option_guard *guard, const char *path, const char *suffix,
                                struct failure *failure)
{
    size_t n = strlen(path);
    if (strcmp(path, "-") == 0) return true;
    while (n > 1 && path[n - 1] == '/') n--;
    char *beside = malloc(n + strlen(suffix) + 1);
    if (!beside) return fail_memory(failure);
    sprintf(beside, "%.*s%s", (int)n, path, suffix);
    bool good = option_guard_writes(guard, beside, failure);
    free(beside);
    return good;
}

bool option_guard_add(struct option_guard *guard, const char *path, bool borrowed, bool alone,
                      struct failure *failure)
{
    const struct guard_file *last = guard->n_read ? &guard->read[guard->n_read - 1] : NULL;
    if (last && last->alone == alone && strcmp(last->path, path) == 0) return true;
    guard->indexed = false;
    return append(&guard->read, &guard->n_read, &guard->read_capacity,
                  (struct guard_file){.path = path, .borrowed = borrowed, .alone = alone}, failure);
}

/* ---- comparing ------------------------------------------------------------------------------- */

static int by_inode(const void *a, const void *b)
{
    const struct guard_inode *x = a, *y = b;
    if (x->device != y->device) return x->device < y->device ? -1 : 1;
    return (x->inode > y->inode) - (x->inode < y->inode);
}

static void index_file(struct option_guard *guard, const char *path, const char *input)
{
    struct stat status;
    if (is_file(path, STDIN_FILENO, &status))
        guard->inode[guard->n_inode++] =
            (struct guard_inode){status.st_dev, status.st_ino, input};
}

/* Files that are read together with a file: PATH with the suffix `from` replaced by `to`. */
static const struct {
    const char *from, *to;
    bool alone; /* also read with a recording or an array of a corpus */
} beside[] = {{"", ".gaps", true}, {".npy", ".len", true}, {".units", ".durations", false},
              {"", ".durations", false}};
enum { N_BESIDE = sizeof beside / sizeof *beside };

static bool index_beside(struct option_guard *guard, const struct guard_file *file,
                         struct failure *failure)
{
    size_t n = strlen(file->path);
    for (size_t i = 0; i < N_BESIDE; i++) {
        size_t n_from = strlen(beside[i].from);
        if ((file->alone && !beside[i].alone) || n < n_from ||
            memcmp(file->path + n - n_from, beside[i].from, n_from) != 0)
            continue;
        char *path = malloc(n + strlen(beside[i].to) + 1);
        if (!path) return fail_memory(failure);
        sprintf(path, "%.*s%s", (int)(n - n_from), file->path, beside[i].to);
        index_file(guard, path, file->path);
        free(path);
    }
    return true;
}

static bool index_inputs(struct option_guard *guard, struct failure *failure)
{
    if (guard->indexed) return true;
    free(guard->inode);
    guard->n_inode = 0;
    guard->inode = calloc(guard->n_read * (1 + N_BESIDE) + 1, sizeof *guard->inode);
    if (!guard->inode) return fail_memory(failure);
    for (size_t i = 0; i < guard->n_read; i++) {
        index_file(guard, guard->read[i].path, guard->read[i].path);
        if (!index_beside(guard, &guard->read[i], failure)) return false;
    }
    qsort(guard->inode, guard->n_inode, sizeof *guard->inode, by_inode);
    guard->indexed = true;
    return true;
}

/* An output that does not exist replaces nothing, so most runs need not look at any input. */
static bool check_inputs(struct option_guard *guard, const char *path, struct failure *failure)
{
    struct stat status;
    if (!is_file(path, STDOUT_FILENO, &status)) return true;
    if (!index_inputs(guard, failure)) return false;
    const struct guard_inode key = {status.st_dev, status.st_ino, NULL};
    const struct guard_inode *input =
        bsearch(&key, guard->inode, guard->n_inode, sizeof key, by_inode);
    return !input || fail(failure, EXIT_USAGE,
                          "%s: is also an input (%s); choose another name for the output",
                          spoken(path, "standard output"), spoken(input->path, "standard input"));
}

bool option_guard_check(struct option_guard *guard, struct failure *failure)
{
    for (size_t i = 0; i < guard->n_write; i++)
        if (!check_inputs(guard, guard->write[i].path, failure)) return false;
    return true;
}

bool option_guard_allows(void *context, const char *path, struct failure *failure)
{
    struct option_guard *guard = context;
    for (size_t i = 0; i < guard->n_write; i++) {
        struct guard_file *known = &guard->write[i];
        if (!option_guard_same_output(known->path, path)) continue;
        bool is_itself = strcmp(known->path, path) == 0 && !known->opened;
        if (!is_itself) return fail_outputs(known->path, path, failure);
        known->opened = true;
    }
    return check_inputs(guard, path, failure);
}

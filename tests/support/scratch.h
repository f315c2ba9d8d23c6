/* SPDX-License-Identifier: MIT */
/* A temporary folder for a test program, removed with its contents. The program must define
   _GNU_SOURCE before its first #include (nftw). */
#ifndef VOQ_TESTS_SCRATCH_H
#define VOQ_TESTS_SCRATCH_H

#include <dirent.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch_folder[64];

static inline int scratch_delete(const char *path, const struct stat *status, int type,
                                 struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static inline void scratch_end(void)
{
    nftw(scratch_folder, scratch_delete, 16, FTW_DEPTH | FTW_PHYS);
}

static inline bool scratch_begin(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(scratch_folder, sizeof scratch_folder, "%.40s/voq-test-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(scratch_folder)) return false;
    atexit(scratch_end);
    return true;
}

/* The path of name inside the folder. The last eight results are valid. */
static inline const char *scratch(const char *name)
{
    static char paths[8][512];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch_folder, name);
    return path;
}

static inline const char *scratch_write(const char *name, const void *bytes, size_t n)
{
    const char *path = scratch(name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0) abort();
    return path;
}

static inline const char *scratch_text(const char *name, const char *text)
{
    return scratch_write(name, text, strlen(text));
}

/* The first bytes of a file as text, valid until the next call. */
static inline const char *scratch_content(const char *path)
{
    static char text[256];
    FILE *file = fopen(path, "rb");
    if (!file) return "(none)";
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* The number of files and folders in a folder. */
static inline int scratch_entries(const char *folder)
{
    int n = -2;
    DIR *open = opendir(folder);
    while (open && readdir(open)) n++;
    if (open) closedir(open);
    return n;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Files of memory under the names that a reader wants beside one another. */
#ifndef VOQ_TESTS_LINKED_FILE_H
#define VOQ_TESTS_LINKED_FILE_H

#include "tests/fuzz/memory_file.h"

enum { MOST_LINKS = 4, LINK_SIZE = 128 };

static char linked_folder[64], linked_path[MOST_LINKS][LINK_SIZE];

static inline void linked_file_clean(void)
{
    for (int i = 0; i < MOST_LINKS; i++)
        if (linked_path[i][0]) unlink(linked_path[i]);
    rmdir(linked_folder);
}

static inline void linked_file_begin(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(linked_folder, sizeof linked_folder, "%.40s/voq-fuzz-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(linked_folder) || atexit(linked_file_clean) != 0) abort();
}

/* The path of link i, called `name`, which leads to the file. */
static inline const char *linked_file(int i, const char *name, const struct memory_file *file)
{
    if (!linked_folder[0]) linked_file_begin();
    snprintf(linked_path[i], LINK_SIZE, "%s/%s", linked_folder, name);
    unlink(linked_path[i]);
    if (symlink(file->path, linked_path[i]) != 0) abort();
    return linked_path[i];
}

#endif

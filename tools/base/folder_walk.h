/* SPDX-License-Identifier: MIT */
/* The files in a folder and below it. Names that begin with a dot are left out: the system and
   other programs keep their own files there. Links are followed, loops are not. */
#ifndef VOQ_TOOLS_FOLDER_WALK_H
#define VOQ_TOOLS_FOLDER_WALK_H

#include "tools/base/failure.h"

#include <stddef.h>

/* Whether the caller looks for a file of this name. */
struct folder_filter {
    bool (*takes)(const void *context, const char *name);
    const void *context;
};

/* Paths, with the folder in front, sorted by bytes. A folder that cannot be read is in the list
   too, with a '/' at its end, so that the caller can report it. All zero is an empty list. */
struct folder_paths {
    char **path; /* [n] */
    size_t n, capacity;
};

bool folder_walk(struct folder_paths *paths, const char *folder, struct folder_filter filter,
                 struct failure *failure);

void folder_paths_free(struct folder_paths *paths);

#endif

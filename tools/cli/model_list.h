/* SPDX-License-Identifier: MIT */
/* The folders that are searched for models, and the models found there. */
#ifndef VOQ_TOOLS_MODEL_LIST_H
#define VOQ_TOOLS_MODEL_LIST_H

#include "tools/base/failure.h"

#include <stddef.h>

/* The folders in search order: $VOQ_MODELS, ../share/voq/models beside the executable, ../_models
   beside it (the Python package), the source tree that it was built from. "": there is no such
   folder. */
enum { MODEL_FOLDERS = 4 };
struct model_folders {
    char path[MODEL_FOLDERS][4352];
};
void model_folders_find(struct model_folders *folders);

struct model_entry {
    char *name; /* as in -m NAME */
    char *path; /* the file found for the name */
};

struct model_list {
    struct model_entry *entry; /* [n], by folder, then by name; each name once */
    size_t n, capacity;
};

/* A zeroed list is empty. */
bool model_list_make(struct model_list *list, struct failure *failure);
void model_list_free(struct model_list *list);

/* The most similar name, for "did you mean"; false when none is close. */
bool model_list_nearest(const char *name, char *near, size_t capacity);

#endif

/* SPDX-License-Identifier: MIT */
/* What a tar states about its members beside them: "a/b.json" belongs to "a/b.flac". */
#ifndef VOQ_TOOLS_TAR_SIDECAR_H
#define VOQ_TOOLS_TAR_SIDECAR_H

#include "tools/base/path.h"
#include "tools/base/tar_reader.h"
#include "tools/corpus/utterance_list.h"

struct tar_sidecar {
    const char *key;          /* "a/b" */
    const char *id, *speaker; /* NULL: not stated */
};

/* All zero is an empty list. */
struct tar_sidecars {
    struct tar_sidecar *item; /* [n] */
    size_t n, capacity;
    size_t n_bad;     /* that are not JSON */
    const char *bad; /* the first of these, and why */
};

/* Reads the member that the reader listed last; name is its clean path. */
bool tar_sidecars_add(struct tar_sidecars *sidecars, struct corpus *corpus,
                      struct tar_reader *reader, const char *name, struct failure *failure);

void tar_sidecars_sort(struct tar_sidecars *sidecars);

/* Finds what is stated about a member, after sorting: by its path without suffix, else without all
   that follows the first dot of its file name, as WebDataset groups members; then without the id,
   which belongs to the group. */
struct tar_sidecar tar_sidecars_find(const struct tar_sidecars *sidecars, const char *name);

void tar_sidecars_free(struct tar_sidecars *sidecars);

#endif

/* SPDX-License-Identifier: MIT */
/* The audio members of a tar, in the order of the folder that it unpacks to. */
#ifndef VOQ_TOOLS_TAR_MEMBERS_H
#define VOQ_TOOLS_TAR_MEMBERS_H

#include "tools/corpus/tar_sidecar.h"

struct tar_member {
    const char *name; /* its path, without "./", "../" and a leading "/" */
    enum tar_kind kind;
    uint64_t offset, size;
};

/* All zero is an empty list. */
struct tar_members {
    struct tar_member *item; /* [n] */
    size_t n, capacity;
    size_t n_replaced;    /* by a later member of the same name */
    const char *replaced; /* the first of these */
    struct tar_sidecars sidecars;
    struct tar_end end;
};

/* Fails if the tar cannot be opened (EXIT_INPUT) or without memory. A tar that is damaged further
   on has members, and the reason in `end`. */
bool tar_members_read(struct tar_members *members, struct corpus *corpus, const char *path,
                      struct failure *failure);

void tar_members_free(struct tar_members *members);

#endif

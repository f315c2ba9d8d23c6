/* SPDX-License-Identifier: MIT */
/* Tars as inputs: an utterance per audio member. */
#ifndef VOQ_TOOLS_TAR_ARCHIVE_H
#define VOQ_TOOLS_TAR_ARCHIVE_H

#include "tools/corpus/utterance_list.h"

/* Where the tar was named. */
struct tar_place {
    const char *path;
    const char *list; /* NULL: an argument, or found in a folder */
    uint32_t line;
    const char *prefix; /* of the names with --names path; NULL: none */
    bool may_be_empty;  /* without audio it is left out */
};

bool tar_archive_read(struct corpus *corpus, const struct tar_place *place,
                      struct failure *failure);

/* Frees what the tars of a corpus hold. */
void tar_archive_free(struct corpus *corpus);

#endif

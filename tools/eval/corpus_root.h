/* SPDX-License-Identifier: MIT */
/* What lies beside a corpus. */
#ifndef VOQ_TOOLS_CORPUS_ROOT_H
#define VOQ_TOOLS_CORPUS_ROOT_H

#include "tools/base/failure.h"

#include <stddef.h>

struct corpus_root {
    char *phones;   /* FOLDER/phones.ctm; NULL: not there */
    char *items;    /* FOLDER/triphone.item, else the first .item by name; NULL: none */
    size_t n_items; /* .item files there */
};

/* Looks in the folder, or in the folder of the file. */
bool corpus_root_find(struct corpus_root *root, const char *corpus, struct failure *failure);
void corpus_root_clear(struct corpus_root *root);

#endif

/* SPDX-License-Identifier: MIT */
/* Finds phones, words and items in the folder of a corpus. */
#ifndef VOQ_TOOLS_CORPUS_ROOT_H
#define VOQ_TOOLS_CORPUS_ROOT_H

#include "tools/base/failure.h"

#include <stddef.h>

struct corpus_root {
    char *phones;   /* FOLDER/phones.ctm; NULL: none */
    char *words;    /* FOLDER/words.ctm; NULL: none */
    char *items;    /* FOLDER/triphone.item, else the first .item by name; NULL: none */
    size_t n_items; /* .item files in the folder */
};

/* Searches the folder `corpus`, or the folder of the file `corpus`. */
bool corpus_root_find(struct corpus_root *root, const char *corpus, struct failure *failure);
void corpus_root_clear(struct corpus_root *root);

#endif

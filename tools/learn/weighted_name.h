/* SPDX-License-Identifier: MIT */
/* Names with numbers behind colons: "phones.ctm:.5", "corpus/:.333:.5". */
#ifndef VOQ_LEARN_WEIGHTED_NAME_H
#define VOQ_LEARN_WEIGHTED_NAME_H

#include "tools/base/failure.h"

#include <stddef.h>

/* A text that ends in up to n_most numbers, each after a colon: the first above 0, the second 0 or
   more. A file or folder that has the whole text as its name is taken as it is. All zero after a
   failure. */
struct weighted_name {
    char *name; /* freed by weighted_name_free */
    size_t n;
    double number[2];
};

bool weighted_name_read(struct weighted_name *read, const char *option, const char *text,
                        size_t n_most, struct failure *failure);
void weighted_name_free(struct weighted_name *name); /* all zero is allowed */

#endif

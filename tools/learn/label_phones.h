/* SPDX-License-Identifier: MIT */
/* Labels from an alignment. label_head.h has the meaning of each function. */
#ifndef VOQ_LEARN_LABEL_PHONES_H
#define VOQ_LEARN_LABEL_PHONES_H

#include "tools/learn/label_head.h"

struct label_phones;

bool label_phones_read(struct label_phones **phones, const char *path, const char *tier,
                       struct failure *failure);
void label_phones_free(struct label_phones *phones);
uint32_t label_phones_n_class(const struct label_phones *phones);
const char *label_phones_class(const struct label_phones *phones, uint32_t i);
int64_t label_phones_find(const struct label_phones *phones, const char *name);
bool label_phones_fill(const struct label_phones *phones, int64_t found,
                       const struct label_grid *grid, int32_t *label, size_t n,
                       struct failure *failure);

#endif

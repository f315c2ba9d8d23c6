/* SPDX-License-Identifier: MIT */
/* Labels from a file of units, kept in a cache file. label_head.h has the meaning of each
   function. */
#ifndef VOQ_LEARN_LABEL_UNITS_H
#define VOQ_LEARN_LABEL_UNITS_H

#include "tools/learn/label_head.h"

struct label_units;

bool label_units_read(struct label_units **units, const char *path,
                      const struct label_head_options *options, struct failure *failure);
void label_units_free(struct label_units *units);
uint32_t label_units_n_class(const struct label_units *units);
size_t label_units_n_unnamed(const struct label_units *units);
double label_units_length(const struct label_units *units, int64_t found, uint32_t rate_hz);
int64_t label_units_find(const struct label_units *units, const char *name, size_t i);
bool label_units_fill(const struct label_units *units, int64_t found,
                      const struct label_grid *grid, int32_t *label, size_t n,
                      struct failure *failure);

#endif

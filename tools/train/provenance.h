/* SPDX-License-Identifier: MIT */
/* What a model says of its origin: lines "key=value", sorted, of everything that the result depends
   on and nothing else (no paths, host, time, threads). */
#ifndef VOQ_TRAIN_PROVENANCE_H
#define VOQ_TRAIN_PROVENANCE_H

#include "tools/train/collect.h"
#include "tools/train/train_settings.h"

/* The text, to be freed; NULL: no memory. init_hash: of the model that training starts from;
   labels_hash: of the file of labels. NULL: none. */
char *provenance_text(const struct settings *settings, const struct collection *collection,
                      const char *init_hash, const char *labels_hash);

/* SHA-256 of a file, for labels_hash. EXIT_INPUT. */
bool provenance_hash_file(const char *path, char hex[65], struct failure *failure);

/* The value of a key in such a text into value[capacity]; false: not there, or too long. */
bool provenance_value(const char *text, const char *key, char *value, size_t capacity);

#endif

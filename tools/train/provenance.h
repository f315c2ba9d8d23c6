/* SPDX-License-Identifier: MIT */
/* The provenance of a model: sorted lines "key=value" of everything that the result depends on and
   nothing else (no paths, host, time, threads). */
#ifndef VOQ_TRAIN_PROVENANCE_H
#define VOQ_TRAIN_PROVENANCE_H

#include "tools/train/collect.h"
#include "tools/train/train_settings.h"

/* Returns the text, which the caller frees; NULL: no memory. init_hash: of the model that training
   starts from; labels_hash: of the file of labels; NULL: none. */
char *provenance_text(const struct settings *settings, const struct collection *collection,
                      const char *init_hash, const char *labels_hash);

/* Copies the value of a key to value[capacity]. False: no such key, or too long. */
bool provenance_value(const char *text, const char *key, char *value, size_t capacity);

#endif

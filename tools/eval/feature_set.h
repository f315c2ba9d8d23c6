/* SPDX-License-Identifier: MIT */
/* Feature vectors of a set of utterances, for ABX. */
#ifndef VOQ_TOOLS_FEATURE_SET_H
#define VOQ_TOOLS_FEATURE_SET_H

#include "tools/base/failure.h"
#include "tools/base/name_index.h"

#include <stddef.h>
#include <stdint.h>

struct feature_series {
    float *frame; /* [n_frame][dim] */
    size_t n_frame;
};

struct feature_set {
    struct name_index names;
    struct feature_series *series; /* [names.n] */
    size_t capacity;
    uint32_t dim; /* 0: not known yet */
};

/* Takes ownership of the malloc'ed frame[n_frame][dim], also on failure. EXIT_INPUT: a name that is
   already there, or another dim. */
bool feature_set_add(struct feature_set *set, const char *name, float *frame, size_t n_frame,
                     uint32_t dim, struct failure *failure);

/* Reads any feature format (tools/formats/feature_reader.h), a file or a folder of .npy. */
bool feature_set_read(struct feature_set *set, const char *path, struct failure *failure);

/* NULL: no such name. */
const struct feature_series *feature_set_find(const struct feature_set *set, const char *name);
void feature_set_clear(struct feature_set *set);

#endif

/* SPDX-License-Identifier: MIT */
/* The fairseq manifest beside km labels: the folder that holds all inputs, then a path below it and
   the samples of the file, line for line as the labels. */
#ifndef VOQ_TOOLS_ENCODE_MANIFEST_H
#define VOQ_TOOLS_ENCODE_MANIFEST_H

#include "tools/command/encode_items.h"

struct encode_manifest {
    char *root;   /* with '/' at its end */
    char *line;   /* the root as the first line states it, without that '/' */
    char *folder; /* of this process, with '/' at its end */
};

/* Finds the root. EXIT_USAGE for inputs that a line of a manifest cannot stand for: pipes, parts of
   files, channels apart, vectors, paths with a TAB. */
bool encode_manifest_open(struct encode_manifest *manifest, const struct encode_items *items,
                          struct failure *failure);

/* The path of an input below the root. Free it; NULL: no memory. */
char *encode_manifest_path(const struct encode_manifest *manifest,
                           const struct utterance *utterance);

void encode_manifest_free(struct encode_manifest *manifest);

#endif

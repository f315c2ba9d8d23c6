/* SPDX-License-Identifier: MIT */
/* The fairseq manifest beside km labels: the folder that contains all inputs, then one line per
   line of labels, with the path below that folder and the number of samples. */
#ifndef VOQ_TOOLS_ENCODE_MANIFEST_H
#define VOQ_TOOLS_ENCODE_MANIFEST_H

#include "tools/command/encode_items.h"

struct encode_manifest {
    char *root;   /* with '/' at its end */
    char *line;   /* the root as the first line states it, without that '/' */
    char *folder; /* of this process, with '/' at its end */
};

/* Finds the root. EXIT_USAGE for inputs that a manifest cannot list: pipes, parts of files, single
   channels of --channel all, vectors, paths with a TAB. */
bool encode_manifest_open(struct encode_manifest *manifest, const struct encode_items *items,
                          struct failure *failure);

/* The path of an input below the root; the caller frees it. NULL: no memory. */
char *encode_manifest_path(const struct encode_manifest *manifest,
                           const struct utterance *utterance);

void encode_manifest_free(struct encode_manifest *manifest);

#endif

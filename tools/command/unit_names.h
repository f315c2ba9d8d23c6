/* SPDX-License-Identifier: MIT */
/* What utterances are called whose format has no names: by a manifest, else by the file. */
#ifndef VOQ_TOOLS_UNIT_NAMES_H
#define VOQ_TOOLS_UNIT_NAMES_H

#include "tools/base/line_reader.h"
#include "tools/cli/messages.h"
#include "tools/formats/unit_reader.h"

struct unit_names {
    struct line_reader *manifest; /* NULL: none */
    struct messages *messages;
    const char *input;
    size_t n_unnamed; /* of this input */
    bool told;        /* that files give the names */
};

/* tsv: the manifest in whose order the utterances are; NULL: none. All zero is none too. */
bool unit_names_open(struct unit_names *names, const char *tsv, struct messages *messages,
                     struct failure *failure);
void unit_names_begin(struct unit_names *names, const char *input); /* the next file of units */

/* A copy of the utterance's own name, or the next one; the caller frees it. */
bool unit_names_choose(struct unit_names *names, const struct utterance_units *utterance,
                       char **name, struct failure *failure);
void unit_names_close(struct unit_names *names);

#endif

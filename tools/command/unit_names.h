/* SPDX-License-Identifier: MIT */
/* Names for utterances whose format has none: from a manifest, else from the file. */
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
    bool told;        /* it was reported that files name the utterances */
};

/* tsv: the manifest, in the order of the utterances; NULL: none. A zeroed struct has none too. */
bool unit_names_open(struct unit_names *names, const char *tsv, struct messages *messages,
                     struct failure *failure);
void unit_names_begin(struct unit_names *names, const char *input); /* the next file of units */

/* Copies the utterance's own name, or else the next name; the caller frees it. */
bool unit_names_choose(struct unit_names *names, const struct utterance_units *utterance,
                       char **name, struct failure *failure);
void unit_names_close(struct unit_names *names);

#endif

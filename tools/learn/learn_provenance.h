/* SPDX-License-Identifier: MIT */
/* The provenance of a model with an encoder: sorted lines "key=value" of everything that it depends
   on and nothing else. Their digest identifies a training to its checkpoints. */
#ifndef VOQ_LEARN_LEARN_PROVENANCE_H
#define VOQ_LEARN_LEARN_PROVENANCE_H

#include "tools/learn/learn_data.h"

/* Returns the text, which the caller frees. encoder: the canonical text of the layers. */
char *learn_provenance(const struct learn_data *data, const char *encoder,
                       struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Units that were read, and the model that the user says made them. */
#ifndef VOQ_TOOLS_UNIT_MATCH_H
#define VOQ_TOOLS_UNIT_MATCH_H

#include "tools/formats/unit_reader.h"
#include "voq.h"

/* Sets hop and rate to those of the model, unless the format (NULL: unknown) states its own. */
void unit_match_hop(const voq_info *model, const struct unit_format *format,
                    struct unit_facts *facts);

/* Checks that the units can come from the model. EXIT_INPUT begins with `place`. */
bool unit_match(const voq_info *model, const struct utterance_units *units, const char *place,
                struct failure *failure);

#endif

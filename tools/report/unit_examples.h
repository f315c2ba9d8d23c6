/* SPDX-License-Identifier: MIT */
/* Where a unit is heard: its longest runs. */
#ifndef VOQ_TOOLS_UNIT_EXAMPLES_H
#define VOQ_TOOLS_UNIT_EXAMPLES_H

#include "tools/report/unit_view.h"

enum { UNIT_EXAMPLES = 3 };

struct unit_example {
    uint32_t utterance; /* of the unit set */
    uint32_t first, n;  /* frames; n 0: none */
};

/* Fills example[view->n][UNIT_EXAMPLES], longest first, from different utterances where there are
   enough; among equals the first of the corpus. */
void unit_examples_find(const struct unit_view *view,
                        struct unit_example (*example)[UNIT_EXAMPLES]);

#endif

/* SPDX-License-Identifier: MIT */
/* What the card of a model states: NAME.md beside NAME.voq, a page for people. A program reads the
   rows of its tables alone: "| PNMI | .3396 |" states .3396 for PNMI. */
#ifndef VOQ_TOOLS_MODEL_CARD_H
#define VOQ_TOOLS_MODEL_CARD_H

#include <stdbool.h>
#include <stddef.h>

/* The second cell of the first row that begins with this one; false where there is no card or no
   such row. */
bool model_card_value(const char *model_path, const char *what, char *value, size_t capacity);

#endif

/* SPDX-License-Identifier: MIT */
/* Reads values from the card of a model, NAME.md beside NAME.voq. Only rows of its tables are read:
   "| PNMI | .3396 |" states .3396 for PNMI. */
#ifndef VOQ_TOOLS_MODEL_CARD_H
#define VOQ_TOOLS_MODEL_CARD_H

#include <stdbool.h>
#include <stddef.h>

/* Copies the second cell of the first row whose first cell is `what`. False if there is no card or
   no such row. */
bool model_card_value(const char *model_path, const char *what, char *value, size_t capacity);

#endif

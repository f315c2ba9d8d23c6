/* SPDX-License-Identifier: MIT */
/* A unit with its label, as text: "37 (AH)". */
#ifndef VOQ_TOOLS_UNIT_LABEL_H
#define VOQ_TOOLS_UNIT_LABEL_H

#include "tools/base/sink.h"

/* Writes the unit and, unless the label is NULL or empty, the label in parentheses. In what follows
   the unit `to` replaces each `from`: formats escape their own special character. */
void unit_label_write(struct sink *sink, uint32_t id, const char *label, char from,
                      const char *to);

/* Reads a unit with or without a label: "37", "37 (AH)" or "37_(AH)"; false for any other text. */
bool unit_label_parse(const char *text, uint32_t *id);

#endif

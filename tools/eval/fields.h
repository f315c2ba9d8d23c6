/* SPDX-License-Identifier: MIT */
/* Fields of a line, separated by blanks and tabs. */
#ifndef VOQ_TOOLS_FIELDS_H
#define VOQ_TOOLS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* Splits the line in place; fields beyond the first `capacity` are counted but not stored. */
size_t split_fields(char *line, char **field, size_t capacity);

bool is_blank(const char *line);

#endif

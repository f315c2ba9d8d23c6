/* SPDX-License-Identifier: MIT */
/* The lines and columns of a Kaldi table: columns are separated by any number of spaces and TABs,
   which may also precede the first one, and blank lines are skipped. */
#ifndef VOQ_TOOLS_KALDI_FIELDS_H
#define VOQ_TOOLS_KALDI_FIELDS_H

#include "tools/base/line_reader.h"

#include <stddef.h>

/* Cuts a line that is not blank into up to `most` fields; the last one is the rest of the line
   without the blanks at its end. Returns how many there are. */
size_t kaldi_fields(char *line, char **field, size_t most);

/* Reads the next line that is not blank; *line = NULL at the end of the file. */
bool kaldi_next_line(struct line_reader *reader, char **line, struct failure *failure);

#endif

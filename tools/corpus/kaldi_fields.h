/* SPDX-License-Identifier: MIT */
/* The columns of a Kaldi table: separated by any number of spaces and TABs. */
#ifndef VOQ_TOOLS_KALDI_FIELDS_H
#define VOQ_TOOLS_KALDI_FIELDS_H

#include <stddef.h>

/* Cuts line into up to `most` fields; the last one takes the rest of the line, without the blanks
   at its end. Returns how many there are; 0: blank, or it begins with a blank. */
size_t kaldi_fields(char *line, char **field, size_t most);

#endif

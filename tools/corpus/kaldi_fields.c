/* SPDX-License-Identifier: MIT */
#include "tools/corpus/kaldi_fields.h"

#include <string.h>

static const char blanks[] = " \t";

size_t kaldi_fields(char *line, char **field, size_t most)
{
    size_t n = strlen(line), n_field = 0;
    while (n > 0 && strchr(blanks, line[n - 1])) n--;
    line[n] = '\0';
    line += strspn(line, blanks);
    for (;;) {
        field[n_field++] = line;
        line += n_field < most ? strcspn(line, blanks) : strlen(line);
        if (*line == '\0') return n_field;
        *line++ = '\0';
        line += strspn(line, blanks);
    }
}

bool kaldi_next_line(struct line_reader *reader, char **line, struct failure *failure)
{
    size_t n;
    do
        if (!line_reader_next(reader, line, &n, failure)) return false;
    while (*line && (*line)[strspn(*line, blanks)] == '\0');
    return true;
}

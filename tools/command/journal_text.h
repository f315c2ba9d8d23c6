/* SPDX-License-Identifier: MIT */
/* The lines of a journal as text. Only text as written by journal_..._text is accepted. */
#ifndef VOQ_TOOLS_JOURNAL_TEXT_H
#define VOQ_TOOLS_JOURNAL_TEXT_H

#include "tools/base/part_file.h"
#include "tools/command/journal.h"

enum { JOURNAL_TEXT = 512 }; /* the most bytes of a line */

struct journal_head {
    uint64_t run; /* journal_hash of the run */
    char tag[PART_TAG];
};

bool journal_is_head(const char *text); /* of any version */
bool journal_head_parse(const char *text, struct journal_head *head);
void journal_head_text(const struct journal_head *head, char text[JOURNAL_TEXT]);

bool journal_line_parse(const char *text, struct journal_line *line);
void journal_line_text(const struct journal_line *line, char text[JOURNAL_TEXT]);

#endif

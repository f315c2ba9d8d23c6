/* SPDX-License-Identifier: MIT */
/* The values of a Praat text file, in order. Praat's rule: everything but free-standing numbers,
   quoted texts and <flags> is a comment, and so is the rest of a line after a '!'. So the long and
   the short form read the same. */
#ifndef VOQ_TOOLS_TEXTGRID_TOKENS_H
#define VOQ_TOOLS_TEXTGRID_TOKENS_H

#include "tools/base/line_reader.h"

#include <stddef.h>
#include <stdint.h>

struct textgrid_tokens {
    struct line_reader *reader; /* of a document */
    char *at;                   /* in the current line; NULL before the first */
    char *text;                 /* the quoted text read last, UTF-8; its owner may change it */
    size_t capacity;
};

/* Each reads the next value and fails with "FILE:LINE: ..." if it is of another kind. `what` names
   it in the message. */
bool token_text(struct textgrid_tokens *tokens, const char *what, struct failure *failure);
bool token_time(struct textgrid_tokens *tokens, const char *what, int64_t *us,
                struct failure *failure);
bool token_count(struct textgrid_tokens *tokens, const char *what, uint64_t *n,
                 struct failure *failure);
/* <exists> or <absent>. */
bool token_exists(struct textgrid_tokens *tokens, bool *exists, struct failure *failure);

void textgrid_tokens_clear(struct textgrid_tokens *tokens);

#endif

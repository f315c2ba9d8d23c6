/* SPDX-License-Identifier: MIT */
#include "tools/eval/textgrid_tokens.h"

#include "tools/base/growing.h"
#include "tools/base/number.h"

#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t";

static bool next_line(struct textgrid_tokens *tokens, const char *what, struct failure *failure)
{
    size_t length;
    if (!line_reader_next(tokens->reader, &tokens->at, &length, failure)) return false;
    return tokens->at || line_reader_fail(tokens->reader, failure, "the file ends before %s", what);
}

static bool is_value(const char *word)
{
    return *word == '"' || *word == '<' || *word == '-' || (*word >= '0' && *word <= '9');
}

/* Moves to the first byte of the next value. */
static bool find_value(struct textgrid_tokens *tokens, const char *what, struct failure *failure)
{
    for (;;) {
        if (tokens->at) tokens->at += strspn(tokens->at, blanks);
        if (!tokens->at || !*tokens->at || *tokens->at == '!') {
            if (!next_line(tokens, what, failure)) return false;
        } else if (is_value(tokens->at)) {
            return true;
        } else {
            tokens->at += strcspn(tokens->at, blanks);
        }
    }
}

static bool append(struct textgrid_tokens *tokens, size_t *n, char c, struct failure *failure)
{
    if (!grow(&tokens->text, &tokens->capacity, *n + 1, 1, failure)) return false;
    tokens->text[(*n)++] = c;
    return true;
}

bool token_text(struct textgrid_tokens *tokens, const char *what, struct failure *failure)
{
    size_t n = 0;
    if (!find_value(tokens, what, failure)) return false;
    if (*tokens->at++ != '"')
        return line_reader_fail(tokens->reader, failure, "%s is missing its quotes", what);
    for (;;) {
        char c = *tokens->at;
        if (c == '\0') { /* Praat allows a line break inside */
            if (!next_line(tokens, "the closing quote", failure) ||
                !append(tokens, &n, '\n', failure))
                return false;
            continue;
        }
        tokens->at++;
        if (c == '"' && *tokens->at++ != '"') {
            tokens->at--;
            return append(tokens, &n, '\0', failure);
        }
        if (!append(tokens, &n, c, failure)) return false;
    }
}

/* The value as a word of its own. */
static bool find_word(struct textgrid_tokens *tokens, const char *what, char **word,
                      struct failure *failure)
{
    if (!find_value(tokens, what, failure)) return false;
    *word = tokens->at;
    tokens->at += strcspn(tokens->at, blanks);
    if (*tokens->at) *tokens->at++ = '\0';
    return true;
}

bool token_time(struct textgrid_tokens *tokens, const char *what, int64_t *us,
                struct failure *failure)
{
    char *word;
    if (!find_word(tokens, what, &word, failure)) return false;
    return parse_microseconds(word, us) ||
           line_reader_fail(tokens->reader, failure, "%s '%s' is not a time in seconds", what,
                            word);
}

bool token_count(struct textgrid_tokens *tokens, const char *what, uint64_t *n,
                 struct failure *failure)
{
    char *word;
    if (!find_word(tokens, what, &word, failure)) return false;
    return parse_u64(word, n) ||
           line_reader_fail(tokens->reader, failure, "%s '%s' is not a count", what, word);
}

bool token_flag(struct textgrid_tokens *tokens, const char *what, struct failure *failure)
{
    char *word;
    if (!find_word(tokens, what, &word, failure)) return false;
    return *word == '<' || line_reader_fail(tokens->reader, failure, "'%s' is not %s", word, what);
}

void textgrid_tokens_clear(struct textgrid_tokens *tokens)
{
    free(tokens->text);
    tokens->text = NULL;
    tokens->capacity = 0;
}

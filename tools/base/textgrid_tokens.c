/* SPDX-License-Identifier: MIT */
#include "tools/base/textgrid_tokens.h"

#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/base/seconds.h"
#include "tools/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_TEXT = 64 << 20 };

static const char blanks[] = " \t\v\f";

static bool next_line(struct textgrid_tokens *tokens, const char *what, struct failure *failure)
{
    size_t length;
    if (!line_reader_next(tokens->reader, &tokens->at, &length, failure)) return false;
    return tokens->at || line_reader_fail(tokens->reader, failure,
                                          "the file ends before %s; is it cut off?", what);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A sign or a point alone is a comment; a word that looks like a number must be one. */
static bool is_number(const char *word)
{
    if (is_digit(*word)) return true;
    return *word && strchr("+-.", *word) && word[1] && strchr("+-.0123456789", word[1]);
}

/* Moves to the first byte of the next value. */
static bool find_value(struct textgrid_tokens *tokens, const char *what, struct failure *failure)
{
    for (;;) {
        if (tokens->at) tokens->at += strspn(tokens->at, blanks);
        if (!tokens->at || !*tokens->at || *tokens->at == '!') {
            if (!next_line(tokens, what, failure)) return false;
        } else if (*tokens->at == '"' || *tokens->at == '<' || is_number(tokens->at)) {
            return true;
        } else {
            tokens->at += strcspn(tokens->at, blanks);
        }
    }
}

static bool append(struct textgrid_tokens *tokens, size_t *n, char c, struct failure *failure)
{
    if (*n == LONGEST_TEXT)
        return line_reader_fail(tokens->reader, failure,
                                "a text of more than 64 MB; is a closing quote missing?");
    if (!grow(&tokens->text, &tokens->capacity, *n + 1, 1, failure)) return false;
    tokens->text[(*n)++] = c;
    return true;
}

/* Reads up to the closing quote, across lines. A quote inside is doubled. */
static bool take_quoted(struct textgrid_tokens *tokens, size_t *n, struct failure *failure)
{
    for (;;) {
        char c = *tokens->at;
        if (c == '\0') {
            if (!next_line(tokens, "the closing quote", failure) ||
                !append(tokens, n, '\n', failure))
                return false;
            continue;
        }
        tokens->at++;
        if (c == '"' && *tokens->at++ != '"') {
            tokens->at--;
            return append(tokens, n, '\0', failure);
        }
        if (!append(tokens, n, c, failure)) return false;
    }
}

static bool is_utf8(const char *text, const char *end)
{
    while (text < end) {
        size_t n = utf8_length(text, end);
        if (n == 0) return false;
        text += n;
    }
    return true;
}

bool token_text(struct textgrid_tokens *tokens, const char *what, struct failure *failure)
{
    size_t n = 0;
    if (!find_value(tokens, what, failure)) return false;
    if (*tokens->at++ != '"')
        return line_reader_fail(tokens->reader, failure, "expected %s, in quotes", what);
    if (!take_quoted(tokens, &n, failure)) return false;
    return is_utf8(tokens->text, tokens->text + n) ||
           line_reader_fail(tokens->reader, failure,
                            "%s is not UTF-8, perhaps Latin-1 or MacRoman; save the file as UTF-8",
                            what);
}

/* Finds the next value that is a word. */
static bool find_word(struct textgrid_tokens *tokens, const char *what, char **word,
                      struct failure *failure)
{
    if (!find_value(tokens, what, failure)) return false;
    *word = tokens->at;
    if (*tokens->at == '"')
        return line_reader_fail(tokens->reader, failure, "expected %s, not a text", what);
    tokens->at += strcspn(tokens->at, " \t\v\f!");
    if (*tokens->at == '!') tokens->at[1] = '\0';
    if (*tokens->at) *tokens->at++ = '\0';
    return true;
}

bool token_time(struct textgrid_tokens *tokens, const char *what, int64_t *us,
                struct failure *failure)
{
    char *word;
    return find_word(tokens, what, &word, failure) &&
           seconds_read(tokens->reader, what, word, us, failure);
}

bool token_count(struct textgrid_tokens *tokens, const char *what, uint64_t *n,
                 struct failure *failure)
{
    char *word;
    if (!find_word(tokens, what, &word, failure)) return false;
    return parse_u64(word, n) ||
           line_reader_fail(tokens->reader, failure, "%s '%s' is not a count", what, word);
}

bool token_exists(struct textgrid_tokens *tokens, bool *exists, struct failure *failure)
{
    char *word;
    if (!find_word(tokens, "<exists>", &word, failure)) return false;
    *exists = strcmp(word, "<exists>") == 0;
    return *exists || strcmp(word, "<absent>") == 0 ||
           line_reader_fail(tokens->reader, failure, "'%s' is neither <exists> nor <absent>", word);
}

void textgrid_tokens_clear(struct textgrid_tokens *tokens)
{
    free(tokens->text);
    tokens->text = NULL;
    tokens->capacity = 0;
}

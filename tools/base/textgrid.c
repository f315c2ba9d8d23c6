/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "tools/base/textgrid.h"

#include <string.h>

static const char file_type[] = "ooTextFile";

bool textgrid_is(const char *text, size_t n)
{
    const char *newline = memchr(text, '\n', n);
    if (newline) n = (size_t)(newline - text);
    return memmem(text, n, file_type, strlen(file_type)) != NULL;
}

static bool read_span(struct textgrid *grid, struct failure *failure)
{
    int64_t ignored;
    return token_time(&grid->tokens, "xmin", &ignored, failure) &&
           token_time(&grid->tokens, "xmax", &ignored, failure);
}

bool textgrid_begin(struct textgrid *grid, struct line_reader *reader, struct failure *failure)
{
    struct textgrid_tokens *tokens = &grid->tokens;
    bool has_tiers;
    *grid = (struct textgrid){.tokens = {.reader = reader}};
    line_reader_keep_all(reader);
    if (!token_text(tokens, "the header of a TextGrid", failure)) return false;
    if (strncmp(tokens->text, file_type, strlen(file_type)) != 0)
        return line_reader_fail(reader, failure,
                                "'%s' is not \"%s\"; save the TextGrid as a text file",
                                tokens->text, file_type);
    if (!token_text(tokens, "the object class", failure)) return false;
    if (strcmp(tokens->text, "TextGrid") != 0)
        return line_reader_fail(reader, failure, "holds a '%s', not a TextGrid", tokens->text);
    if (!read_span(grid, failure) || !token_exists(tokens, &has_tiers, failure)) return false;
    return !has_tiers || token_count(tokens, "the number of tiers", &grid->n_tier, failure);
}

static bool skip_points(struct textgrid *grid, uint64_t n, struct failure *failure)
{
    int64_t ignored;
    for (uint64_t i = 0; i < n; i++)
        if (!token_time(&grid->tokens, "the time of a point", &ignored, failure) ||
            !token_text(&grid->tokens, "the mark of a point", failure))
            return false;
    return true;
}

static bool skip_intervals(struct textgrid *grid, struct failure *failure)
{
    struct textgrid_interval ignored;
    bool found = true;
    while (found)
        if (!textgrid_next_interval(grid, &ignored, &found, failure)) return false;
    return true;
}

bool textgrid_next_tier(struct textgrid *grid, const char **name, struct failure *failure)
{
    struct textgrid_tokens *tokens = &grid->tokens;
    *name = NULL;
    if (!skip_intervals(grid, failure)) return false;
    for (; grid->n_tier > 0; grid->n_tier--) {
        uint64_t n;
        if (!token_text(tokens, "the class of a tier", failure)) return false;
        bool is_points = strcmp(tokens->text, "TextTier") == 0;
        if (!is_points && strcmp(tokens->text, "IntervalTier") != 0)
            return line_reader_fail(tokens->reader, failure,
                                    "'%s' is neither an IntervalTier nor a TextTier",
                                    tokens->text);
        if (!token_text(tokens, "the name of a tier", failure) || !read_span(grid, failure) ||
            !token_count(tokens, "the size of a tier", &n, failure))
            return false;
        if (is_points && !skip_points(grid, n, failure)) return false;
        if (is_points) continue;
        grid->n_tier--;
        grid->n_interval = n;
        *name = tokens->text;
        return true;
    }
    return true;
}

bool textgrid_next_interval(struct textgrid *grid, struct textgrid_interval *interval, bool *found,
                            struct failure *failure)
{
    struct textgrid_tokens *tokens = &grid->tokens;
    *found = grid->n_interval > 0;
    if (!*found) return true;
    grid->n_interval--;
    if (!token_time(tokens, "an interval's xmin", &interval->start_us, failure) ||
        !token_time(tokens, "an interval's xmax", &interval->end_us, failure))
        return false;
    if (interval->end_us < interval->start_us)
        return line_reader_fail(tokens->reader, failure, "an interval ends before it starts");
    if (!token_text(tokens, "an interval's text", failure)) return false;
    interval->text = tokens->text;
    return true;
}

void textgrid_clear(struct textgrid *grid)
{
    textgrid_tokens_clear(&grid->tokens);
}

/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"
#include "tools/eval/alignment.h"
#include "tools/eval/textgrid_tokens.h"

#include <stdlib.h>
#include <string.h>

struct spoken {
    int64_t start_us, end_us;
    char *text;
};

/* The best tier so far. */
struct tier {
    struct spoken *interval;
    size_t n, capacity;
    int rank; /* 0: none yet */
};

/* How much a tier is wanted. */
static int rank_of(const char *name, const char *wanted)
{
    if (wanted) return strcmp(name, wanted) == 0;
    return strcmp(name, "phones") == 0 ? 2 : strcmp(name, "phone") == 0;
}

static void tier_clear(struct tier *tier)
{
    for (size_t i = 0; i < tier->n; i++) free(tier->interval[i].text);
    free(tier->interval);
    *tier = (struct tier){0};
}

static bool read_header(struct textgrid_tokens *tokens, uint64_t *n_tier, struct failure *failure)
{
    int64_t ignored;
    if (!token_text(tokens, "the file type", failure)) return false;
    if (strncmp(tokens->text, "ooTextFile", 10) != 0)
        return line_reader_fail(tokens->reader, failure, "'%s' is not \"ooTextFile\"",
                                tokens->text);
    if (!token_text(tokens, "the object class", failure)) return false;
    if (strcmp(tokens->text, "TextGrid") != 0)
        return line_reader_fail(tokens->reader, failure, "holds a '%s', not a TextGrid",
                                tokens->text);
    return token_time(tokens, "xmin", &ignored, failure) &&
           token_time(tokens, "xmax", &ignored, failure) &&
           token_flag(tokens, "<exists>", failure) &&
           token_count(tokens, "the number of tiers", n_tier, failure);
}

static bool keep(struct tier *tier, int64_t start_us, int64_t end_us, const char *text,
                 struct failure *failure)
{
    if (!grow(&tier->interval, &tier->capacity, tier->n + 1, sizeof *tier->interval, failure))
        return false;
    char *copy = strdup(text);
    if (!copy) return fail_memory(failure);
    tier->interval[tier->n++] = (struct spoken){start_us, end_us, copy};
    return true;
}

static bool read_intervals(struct textgrid_tokens *tokens, uint64_t n, struct tier *into,
                           struct failure *failure)
{
    for (uint64_t i = 0; i < n; i++) {
        int64_t start, end;
        if (!token_time(tokens, "xmin", &start, failure) ||
            !token_time(tokens, "xmax", &end, failure) ||
            !token_text(tokens, "the text", failure))
            return false;
        if (end < start)
            return line_reader_fail(tokens->reader, failure, "an interval ends before it starts");
        if (into && !keep(into, start, end, tokens->text, failure)) return false;
    }
    return true;
}

static bool skip_points(struct textgrid_tokens *tokens, uint64_t n, struct failure *failure)
{
    int64_t ignored;
    for (uint64_t i = 0; i < n; i++)
        if (!token_time(tokens, "the time of a point", &ignored, failure) ||
            !token_text(tokens, "the mark of a point", failure))
            return false;
    return true;
}

static bool read_tier(struct textgrid_tokens *tokens, const char *wanted, struct tier *best,
                      struct failure *failure)
{
    int64_t ignored;
    uint64_t n;
    if (!token_text(tokens, "the class of a tier", failure)) return false;
    bool is_points = strcmp(tokens->text, "TextTier") == 0;
    if (!is_points && strcmp(tokens->text, "IntervalTier") != 0)
        return line_reader_fail(tokens->reader, failure,
                                "'%s' is neither an IntervalTier nor a TextTier", tokens->text);
    if (!token_text(tokens, "the name of a tier", failure)) return false;
    int rank = rank_of(tokens->text, wanted);
    if (!token_time(tokens, "xmin", &ignored, failure) ||
        !token_time(tokens, "xmax", &ignored, failure) ||
        !token_count(tokens, "the number of intervals", &n, failure))
        return false;
    if (is_points) return skip_points(tokens, n, failure);
    bool is_better = rank > best->rank;
    if (is_better) {
        tier_clear(best);
        best->rank = rank;
    }
    return read_intervals(tokens, n, is_better ? best : NULL, failure);
}

bool textgrid_read(struct alignment *alignment, struct line_reader *reader, const char *utterance,
                   const char *tier, struct failure *failure)
{
    struct textgrid_tokens tokens = {.reader = reader};
    struct tier best = {0};
    uint64_t n_tier = 0;
    bool good = read_header(&tokens, &n_tier, failure);
    for (uint64_t i = 0; good && i < n_tier; i++) good = read_tier(&tokens, tier, &best, failure);
    textgrid_tokens_clear(&tokens);
    if (good && !best.rank)
        good = fail(failure, EXIT_INPUT, "%s: no interval tier '%s'; name one with --tier",
                    line_reader_path(reader), tier ? tier : "phones");
    for (size_t i = 0; good && i < best.n; i++)
        good = alignment_add(alignment, utterance, best.interval[i].start_us,
                             best.interval[i].end_us, best.interval[i].text, failure);
    tier_clear(&best);
    return good;
}

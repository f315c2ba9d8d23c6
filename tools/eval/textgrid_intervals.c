/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"
#include "tools/base/textgrid.h"
#include "tools/eval/alignment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct spoken {
    int64_t start_us, end_us;
    char *text;
};

/* The best tier so far. */
struct best_tier {
    struct spoken *interval;
    size_t n, capacity;
    int rank;        /* 0: none yet */
    char others[96]; /* names of the other interval tiers, for the message */
};

/* The preference for a tier; 0: not usable. */
static int rank_of(const char *name, const char *wanted)
{
    if (wanted) return strcmp(name, wanted) == 0;
    return strcmp(name, "phones") == 0 ? 2 : strcmp(name, "phone") == 0;
}

static void add_other(struct best_tier *best, const char *name)
{
    size_t used = strlen(best->others);
    snprintf(best->others + used, sizeof best->others - used, "%s%.30s", used ? ", " : "", name);
}

static void tier_clear(struct best_tier *tier)
{
    for (size_t i = 0; i < tier->n; i++) free(tier->interval[i].text);
    free(tier->interval);
    tier->interval = NULL;
    tier->n = tier->capacity = 0;
}

static bool keep(struct best_tier *tier, const struct textgrid_interval *interval,
                 struct failure *failure)
{
    if (!grow(&tier->interval, &tier->capacity, tier->n + 1, sizeof *tier->interval, failure))
        return false;
    char *copy = strdup(interval->text);
    if (!copy) return fail_memory(failure);
    tier->interval[tier->n++] = (struct spoken){interval->start_us, interval->end_us, copy};
    return true;
}

static bool keep_tier(struct textgrid *grid, struct best_tier *tier, struct failure *failure)
{
    struct textgrid_interval interval;
    bool found;
    while (textgrid_next_interval(grid, &interval, &found, failure)) {
        if (!found) return true;
        if (!keep(tier, &interval, failure)) return false;
    }
    return false;
}

static bool read_tiers(struct textgrid *grid, const char *wanted, struct best_tier *best,
                       struct failure *failure)
{
    const char *name;
    while (textgrid_next_tier(grid, &name, failure)) {
        if (!name) return true;
        int rank = rank_of(name, wanted);
        if (rank == 0) add_other(best, name);
        if (rank <= best->rank) continue;
        tier_clear(best);
        best->rank = rank;
        if (!keep_tier(grid, best, failure)) return false;
    }
    return false;
}

bool textgrid_read(struct alignment *alignment, struct line_reader *reader, const char *utterance,
                   const char *tier, struct failure *failure)
{
    struct textgrid grid;
    struct best_tier best = {0};
    bool good = textgrid_begin(&grid, reader, failure) && read_tiers(&grid, tier, &best, failure);
    textgrid_clear(&grid);
    if (good && !best.rank)
        good = fail(failure, EXIT_INPUT,
                    "%s: no interval tier '%s'; rename one of these%s: %s",
                    line_reader_path(reader), tier ? tier : "phones",
                    alignment->has_words ? "" : ", or name it with voq eval --tier",
                    best.others[0] ? best.others : "(the file has none)");
    for (size_t i = 0; good && i < best.n; i++)
        good = alignment_add(alignment, utterance, best.interval[i].start_us,
                             best.interval[i].end_us, best.interval[i].text, failure);
    tier_clear(&best);
    return good;
}

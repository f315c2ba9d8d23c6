/* SPDX-License-Identifier: MIT */
#include "tools/formats/textgrid_reader.h"

#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/base/textgrid.h"
#include "tools/base/utf8.h"
#include "tools/formats/unit_label.h"

#include <stdlib.h>
#include <string.h>

struct unit_interval {
    uint64_t begin_us, end_us;
    uint32_t id;
    bool empty;
};

struct unit_tier {
    struct unit_interval *interval;
    size_t n, capacity;
};

/* Tiers of units; or, until one has such a name, the first interval tier, which holds the units if
   it is the only one. */
struct state {
    bool done;
    struct textgrid grid;
    struct unit_tier *tier;
    size_t n_tier, capacity;
    size_t n_interval_tier;
    bool is_named;          /* the tiers are named as units */
    bool is_bad;            /* the last tier holds no units ... */
    struct failure why_bad; /* ... for this reason */
};

static void clear_tiers(struct state *s)
{
    for (size_t i = 0; i < s->n_tier; i++) free(s->tier[i].interval);
    s->n_tier = 0;
}

static void close_state(struct unit_reader *r)
{
    struct state *s = r->state;
    clear_tiers(s);
    free(s->tier);
    textgrid_clear(&s->grid);
}

/* Whether the name is "units" or "units" and a number. */
static bool is_units_name(const char *name)
{
    uint32_t number;
    return strncmp(name, "units", 5) == 0 && (name[5] == '\0' || parse_u32(name + 5, &number));
}

static bool check_place(struct unit_reader *r, const struct unit_tier *tier, uint64_t begin_us,
                        struct failure *failure)
{
    if (tier->n == 0) return true;
    uint64_t last = tier->interval[tier->n - 1].end_us;
    return (begin_us + 1 >= last && begin_us <= last + 1) ||
           reader_fail(r, failure, "the interval does not start where the one before ends");
}

static bool add_interval(struct unit_reader *r, struct unit_tier *tier,
                         const struct textgrid_interval *read, struct failure *failure)
{
    const char *text = utf8_strip(read->text);
    if (read->start_us < 0) return reader_fail(r, failure, "an interval starts before 0");
    struct unit_interval interval = {.begin_us = (uint64_t)read->start_us,
                                .end_us = (uint64_t)read->end_us,
                                .empty = *text == '\0'};
    if (interval.begin_us == interval.end_us)
        return interval.empty || reader_fail(r, failure, "an interval has no length");
    if (!interval.empty && !unit_label_parse(text, &interval.id))
        return reader_fail(r, failure, "\"%s\" is not a unit; expected a whole number", text);
    if (!check_place(r, tier, interval.begin_us, failure) ||
        !grow(&tier->interval, &tier->capacity, tier->n + 1, sizeof *tier->interval, failure))
        return false;
    tier->interval[tier->n++] = interval;
    return true;
}

static bool fail_if_bad(const struct state *s, struct failure *failure)
{
    if (s->is_bad) *failure = s->why_bad;
    return !s->is_bad;
}

/* A tier that holds no units is no failure yet. */
static bool read_tier(struct unit_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    struct textgrid_interval interval;
    bool found;
    if (!grow(&s->tier, &s->capacity, s->n_tier + 1, sizeof *s->tier, failure)) return false;
    struct unit_tier *tier = &s->tier[s->n_tier++];
    *tier = (struct unit_tier){0};
    s->is_bad = false;
    while (textgrid_next_interval(&s->grid, &interval, &found, failure)) {
        if (!found) return true;
        s->is_bad = !add_interval(r, tier, &interval, &s->why_bad);
        if (s->is_bad) return s->why_bad.code != EXIT_INTERNAL || fail_if_bad(s, failure);
    }
    return false;
}

static bool read_tiers(struct unit_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    const char *name;
    while (textgrid_next_tier(&s->grid, &name, failure)) {
        if (!name) return true;
        bool is_first = s->n_interval_tier++ == 0, is_units = is_units_name(name);
        if (is_units && !s->is_named) clear_tiers(s);
        s->is_named = s->is_named || is_units;
        if ((is_units || is_first) && !read_tier(r, failure)) return false;
        if (is_units && !fail_if_bad(s, failure)) return false;
    }
    return false;
}

static bool check_tiers(struct unit_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    if (!s->is_named && s->n_interval_tier != 1)
        return reader_fail(r, failure,
                           "none of the %zu interval tiers is named \"units\"; rename one",
                           s->n_interval_tier);
    return (s->is_named || fail_if_bad(s, failure)) &&
           reader_fact(r, &r->utterance.facts.n_codebook, s->n_tier, "codebooks", failure);
}

/* Tiers change at different times; an entry lasts until the next change in any of them. */
static bool add_merged(struct unit_reader *r, const struct unit_tier *tier, uint32_t n_tier,
                       struct failure *failure)
{
    uint32_t *id = calloc(n_tier, sizeof *id);
    size_t *at = calloc(n_tier, sizeof *at);
    bool ok = (id && at) || fail_memory(failure);
    uint64_t begin_us = tier[0].n > 0 ? tier[0].interval[0].begin_us : 0;
    while (ok && at[0] < tier[0].n) {
        uint64_t end_us = UINT64_MAX;
        bool empty = false;
        for (uint32_t c = 0; c < n_tier && ok; c++) {
            if (at[c] == tier[c].n) {
                ok = reader_fail(r, failure, "tier %u ends before tier 1", c + 1);
                break;
            }
            const struct unit_interval *interval = &tier[c].interval[at[c]];
            id[c] = interval->id;
            empty = empty || interval->empty;
            if (interval->end_us < end_us) end_us = interval->end_us;
        }
        ok = ok && reader_add_time(r, empty ? NULL : id, begin_us, end_us, failure);
        for (uint32_t c = 0; c < n_tier && ok; c++)
            at[c] += tier[c].interval[at[c]].end_us <= end_us + 1;
        begin_us = end_us;
    }
    free(id);
    free(at);
    return ok;
}

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    struct state *s = r->state;
    *found = !s->done;
    if (s->done) return true;
    s->done = true;
    return textgrid_begin(&s->grid, r->in.lines, failure) && read_tiers(r, failure) &&
           check_tiers(r, failure) && add_merged(r, s->tier, (uint32_t)s->n_tier, failure);
}

const struct unit_reader_ops textgrid_unit_reader = {.state_size = sizeof(struct state),
                                                     .open = reader_open_lines,
                                                     .next = next,
                                                     .close = close_state};

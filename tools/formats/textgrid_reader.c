/* SPDX-License-Identifier: MIT */
#include "tools/formats/textgrid_reader.h"

#include "tools/base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Long and short files hold the same values in the same order: numbers, "strings", <flags>, which
   stand free between blanks. All other words (keys, '=', "[1]:") are decoration. */
enum token { TOKEN_NUMBER, TOKEN_STRING, TOKEN_FLAG, TOKEN_END };

struct interval {
    uint64_t begin_us, end_us;
    uint32_t id;
    bool empty;
};

struct tier {
    struct interval *interval;
    size_t n, capacity;
    bool is_units;
};

struct state {
    bool done;
    char *at;    /* in the line of r->lines; NULL: none is read */
    char *value; /* of the token, in that line */
};

static bool starts_as_utf16(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    int a = getc(file), b = getc(file);
    fclose(file);
    return (a == 0xFE && b == 0xFF) || (a == 0xFF && b == 0xFE);
}

static bool open_file(struct unit_reader *r, struct failure *failure)
{
    if (strcmp(r->path, "-") != 0 && starts_as_utf16(r->path))
        return fail(failure, EXIT_INPUT, "%s:1: encoded as UTF-16; save it as UTF-8", r->path);
    return reader_open_lines(r, failure);
}

/* at is behind the opening quote; "" inside is a quote. Cuts the line at the closing one. */
static bool take_string(struct unit_reader *r, struct state *s, struct failure *failure)
{
    char *from = s->at, *to = s->at;
    s->value = s->at;
    for (;; from++) {
        if (*from == '\0') return reader_fail(r, failure, "a text without end");
        if (*from == '"' && *++from != '"') break;
        *to++ = *from;
    }
    *to = '\0';
    s->at = from;
    return true;
}

static bool next_token(struct unit_reader *r, enum token *token, struct failure *failure)
{
    struct state *s = r->state;
    for (;;) {
        if (s->at) s->at += strspn(s->at, " \t");
        if (!s->at || !*s->at) {
            size_t length;
            if (!line_reader_next(r->lines, &s->at, &length, failure)) return false;
            *token = TOKEN_END;
            if (!s->at) return true;
            continue;
        }
        if (*s->at == '"') {
            *token = TOKEN_STRING;
            s->at++;
            return take_string(r, s, failure);
        }
        s->value = s->at;
        s->at += strcspn(s->at, " \t");
        bool is_last = *s->at == '\0';
        *s->at = '\0';
        if (!is_last) s->at++;
        double ignored;
        *token = *s->value == '<' ? TOKEN_FLAG : TOKEN_NUMBER;
        if (*token == TOKEN_FLAG || parse_double(s->value, &ignored)) return true;
    }
}

static bool expect(struct unit_reader *r, enum token wanted, const char *what,
                   struct failure *failure)
{
    enum token token;
    if (!next_token(r, &token, failure)) return false;
    if (token == wanted) return true;
    return token == TOKEN_END ? reader_fail(r, failure, "the file ends before %s; is it cut off?",
                                            what)
                              : reader_fail(r, failure, "%s is expected here", what);
}

static bool read_time(struct unit_reader *r, const char *what, uint64_t *us,
                      struct failure *failure)
{
    const struct state *s = r->state;
    int64_t value;
    if (!expect(r, TOKEN_NUMBER, what, failure)) return false;
    if (!parse_microseconds(s->value, &value) || value < 0)
        return reader_fail(r, failure, "'%s' is no time in seconds", s->value);
    *us = (uint64_t)value;
    return true;
}

static bool read_count(struct unit_reader *r, const char *what, uint64_t *n,
                       struct failure *failure)
{
    const struct state *s = r->state;
    if (!expect(r, TOKEN_NUMBER, what, failure)) return false;
    return parse_u64(s->value, n) || reader_fail(r, failure, "'%s' is no count", s->value);
}

static bool read_header(struct unit_reader *r, uint64_t *n_tier, struct failure *failure)
{
    static const char *const word[] = {"ooTextFile", "TextGrid"};
    const struct state *s = r->state;
    uint64_t begin_us, end_us;
    for (size_t i = 0; i < 2; i++) {
        if (!expect(r, TOKEN_STRING, "the header of a TextGrid", failure)) return false;
        if (strcmp(s->value, word[i]) != 0)
            return reader_fail(r, failure, "\"%s\" is expected in the header; is this a TextGrid?",
                               word[i]);
    }
    if (!read_time(r, "xmin", &begin_us, failure) || !read_time(r, "xmax", &end_us, failure) ||
        !expect(r, TOKEN_FLAG, "<exists>", failure))
        return false;
    if (strcmp(s->value, "<exists>") != 0) return reader_fail(r, failure, "there are no tiers");
    return read_count(r, "the number of tiers", n_tier, failure);
}

static bool grow(struct tier *tier, struct failure *failure)
{
    if (tier->n < tier->capacity) return true;
    size_t capacity = tier->capacity ? 2 * tier->capacity : 256;
    struct interval *interval = realloc(tier->interval, capacity * sizeof *interval);
    if (!interval) return fail_memory(failure);
    tier->interval = interval;
    tier->capacity = capacity;
    return true;
}

static bool read_interval(struct unit_reader *r, struct tier *tier, struct failure *failure)
{
    const struct state *s = r->state;
    struct interval interval = {0};
    if (!read_time(r, "an interval's xmin", &interval.begin_us, failure) ||
        !read_time(r, "an interval's xmax", &interval.end_us, failure))
        return false;
    if (interval.end_us <= interval.begin_us)
        return reader_fail(r, failure, "an interval ends before it begins");
    if (tier->n > 0) {
        uint64_t last = tier->interval[tier->n - 1].end_us;
        if (interval.begin_us + 1 < last || interval.begin_us > last + 1)
            return reader_fail(r, failure, "intervals do not join");
    }
    if (!expect(r, TOKEN_STRING, "an interval's text", failure)) return false;
    interval.empty = *s->value == '\0';
    if (tier->is_units && !interval.empty && !parse_u32(s->value, &interval.id))
        return reader_fail(r, failure, "\"%s\" is no unit: a whole number is expected", s->value);
    if (!grow(tier, failure)) return false;
    tier->interval[tier->n++] = interval;
    return true;
}

/* Whether the name is "units" or "units" and a number. */
static bool is_units_name(const char *name)
{
    uint32_t number;
    return strncmp(name, "units", 5) == 0 && (name[5] == '\0' || parse_u32(name + 5, &number));
}

static bool read_tier(struct unit_reader *r, bool is_only, struct tier *tier,
                      struct failure *failure)
{
    const struct state *s = r->state;
    uint64_t begin_us, end_us, n;
    if (!expect(r, TOKEN_STRING, "a tier's class", failure)) return false;
    if (strcmp(s->value, "IntervalTier") != 0)
        return reader_fail(r, failure, "a tier of class \"%s\"; units are in an IntervalTier",
                           s->value);
    if (!expect(r, TOKEN_STRING, "a tier's name", failure)) return false;
    tier->n = 0;
    tier->is_units = is_only || is_units_name(s->value);
    if (!read_time(r, "a tier's xmin", &begin_us, failure) ||
        !read_time(r, "a tier's xmax", &end_us, failure) ||
        !read_count(r, "the number of intervals", &n, failure))
        return false;
    for (uint64_t i = 0; i < n; i++)
        if (!read_interval(r, tier, failure)) return false;
    return true;
}

/* Tiers change at different times: an entry lasts until the next change in any of them. */
static bool add_merged(struct unit_reader *r, const struct tier *tier, uint32_t n_tier,
                       struct failure *failure)
{
    uint32_t *id = calloc(n_tier, sizeof *id);
    size_t *at = calloc(n_tier, sizeof *at);
    bool ok = (id && at) || fail_memory(failure);
    uint64_t begin_us = n_tier > 0 && tier[0].n > 0 ? tier[0].interval[0].begin_us : 0;
    while (ok && at[0] < tier[0].n) {
        uint64_t end_us = UINT64_MAX;
        bool empty = false;
        for (uint32_t c = 0; c < n_tier && ok; c++) {
            if (at[c] == tier[c].n) {
                ok = reader_fail(r, failure, "tier %u ends before tier 1", c + 1);
                break;
            }
            const struct interval *interval = &tier[c].interval[at[c]];
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

static bool read_tiers(struct unit_reader *r, uint64_t n_tier, struct tier **tiers,
                       uint32_t *n_units, struct failure *failure)
{
    *n_units = 0;
    for (uint64_t i = 0; i < n_tier; i++) {
        struct tier *grown = realloc(*tiers, (*n_units + 1) * sizeof **tiers);
        if (!grown) return fail_memory(failure);
        *tiers = grown;
        struct tier *tier = &grown[*n_units];
        *tier = (struct tier){0};
        bool ok = read_tier(r, n_tier == 1, tier, failure);
        if (ok && tier->is_units) {
            ++*n_units;
            continue;
        }
        free(tier->interval);
        if (!ok) return false;
    }
    if (*n_units == 0) return reader_fail(r, failure, "no tier \"units\" among %llu",
                                          (unsigned long long)n_tier);
    return reader_fact(r, &r->utterance.facts.n_codebook, *n_units, "codebooks", failure);
}

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    struct state *s = r->state;
    *found = !s->done;
    if (s->done) return true;
    s->done = true;
    struct tier *tiers = NULL;
    uint32_t n_units = 0;
    uint64_t n_tier;
    bool ok = read_header(r, &n_tier, failure) &&
              read_tiers(r, n_tier, &tiers, &n_units, failure) &&
              add_merged(r, tiers, n_units, failure);
    for (uint32_t c = 0; c < n_units; c++) free(tiers[c].interval);
    free(tiers);
    return ok;
}

const struct unit_reader_ops textgrid_unit_reader = {
    .state_size = sizeof(struct state), .open = open_file, .next = next};

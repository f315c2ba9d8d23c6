/* SPDX-License-Identifier: MIT */
/* Adds and checks what unit formats read. A format calls, in the order of its file:

     reader_name         the utterance's name, unless the file's name is used
     reader_fact         number of codes, hop, rate ...: must agree with what the user stated
     reader_add          an entry: its ids, and its duration in frames
     reader_add_partial  one id of an entry with several codebooks
     reader_add_time     an entry with times in microseconds. Where hop and rate are known, times
                         become frames: they must lie on the grid and must not overlap, and a hole
                         is a gap
     reader_add_gap      frames that are missing
     reader_add_ids      a text of ids, each one frame

   Entries become the arrays of struct utterance_units; failures name file and line, or byte. */
#include "tools/formats/unit_reader_ops.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool reader_open_lines(struct unit_reader *r, struct failure *failure)
{
    return line_reader_open(&r->in.lines, r->in.path, failure);
}

bool reader_name(struct unit_reader *r, const char *text, size_t length, struct failure *failure)
{
    free(r->name);
    r->name = strndup(text, length);
    return r->name || fail_memory(failure);
}

bool reader_fail(const struct unit_reader *r, struct failure *failure, const char *format, ...)
{
    struct failure reason;
    va_list values;
    va_start(values, format);
    failure_set(&reason, EXIT_INPUT, format, values);
    va_end(values);
    if (r->in.lines) return line_reader_fail(r->in.lines, failure, "%s", reason.text);
    return byte_reader_fail(r->in.bytes, r->item, failure, "%s", reason.text);
}

bool reader_fact(struct unit_reader *r, uint32_t *fact, uint64_t value, const char *what,
                 struct failure *failure)
{
    if (value == 0 || value > INT32_MAX)
        return reader_fail(r, failure, "%llu %s is out of range", (unsigned long long)value, what);
    if (*fact != 0 && *fact != value)
        return reader_fail(r, failure, "%u %s here, %u were stated", (unsigned)value, what, *fact);
    *fact = (uint32_t)value;
    return true;
}

static bool has_trait(const struct unit_reader *r, enum format_trait trait)
{
    return (r->format->traits & (unsigned)trait) != 0;
}

/* Makes room for one more entry in all arrays that the format fills. */
static bool reserve(struct unit_reader *r, struct failure *failure)
{
    size_t n = (r->utterance.n + 1) * r->utterance.facts.n_codebook;
    size_t for_duration = r->capacity, for_time = r->capacity; /* grow raises them equally */
    return (!has_trait(r, FORMAT_DURATIONS) ||
            grow(&r->duration, &for_duration, n, sizeof *r->duration, failure)) &&
           (!has_trait(r, FORMAT_RUNS) ||
            grow(&r->time_us, &for_time, n, sizeof *r->time_us, failure)) &&
           grow(&r->id, &r->capacity, n, sizeof *r->id, failure);
}

static bool check_id(const struct unit_reader *r, uint32_t id, struct failure *failure)
{
    uint32_t n_code = r->utterance.facts.n_code;
    return n_code == 0 || id < n_code ||
           reader_fail(r, failure, "unit %u is too large, there are only %u codes", id, n_code);
}

bool reader_add(struct unit_reader *r, const uint32_t *id, uint32_t duration,
                struct failure *failure)
{
    struct utterance_units *u = &r->utterance;
    size_t n_codebook = u->facts.n_codebook;
    if (!reserve(r, failure)) return false;
    for (size_t c = 0; c < n_codebook; c++) {
        if (!check_id(r, id[c], failure)) return false;
        r->id[u->n * n_codebook + c] = id[c];
    }
    if (r->duration) r->duration[u->n] = duration;
    u->n++;
    u->n_frame += u->timing == UNIT_TIMING_RUNS ? duration : 1;
    return true;
}

bool reader_add_partial(struct unit_reader *r, uint32_t id, struct failure *failure)
{
    struct utterance_units *u = &r->utterance;
    if (!reserve(r, failure) || !check_id(r, id, failure)) return false;
    r->id[u->n * u->facts.n_codebook + r->n_partial] = id;
    if (++r->n_partial < u->facts.n_codebook) return true;
    r->n_partial = 0;
    u->n++;
    u->n_frame++;
    return true;
}

bool reader_add_gap(struct unit_reader *r, uint64_t n_frame, uint64_t lost, const char *why,
                    struct failure *failure)
{
    struct utterance_units *u = &r->utterance;
    if (n_frame > UINT64_MAX / 4 - u->n_frame)
        return reader_fail(r, failure, "a gap of %llu frames", (unsigned long long)n_frame);
    if (!grow(&r->gap, &r->gap_capacity, u->n_gap + 1, sizeof *r->gap, failure)) return false;
    struct unit_gap *gap = &r->gap[u->n_gap++];
    *gap = (struct unit_gap){.before = u->n, .n_frame = n_frame, .lost = lost};
    strncpy(gap->why, why, sizeof gap->why - 1);
    u->n_frame += n_frame;
    return true;
}

/* Finds the frame that begins nearest to a time, at most one sample away. */
static bool frame_at(const struct unit_reader *r, uint64_t time_us, uint64_t *frame,
                     struct failure *failure)
{
    const struct unit_facts *facts = &r->utterance.facts;
    double sample = (double)time_us * facts->rate_hz / 1e6;
    double nearest = floor(sample / facts->hop_samples + 0.5);
    if (fabs(sample - nearest * facts->hop_samples) > 1)
        return reader_fail(r, failure,
                           "%llu us is not a multiple of %u samples at %u Hz; is the hop right?",
                           (unsigned long long)time_us, facts->hop_samples, facts->rate_hz);
    *frame = (uint64_t)nearest;
    return true;
}

static bool add_frames(struct unit_reader *r, const uint32_t *id, uint64_t begin_us,
                       uint64_t end_us, struct failure *failure)
{
    struct utterance_units *u = &r->utterance;
    uint64_t begin = 0, end = 0;
    if (!frame_at(r, begin_us, &begin, failure) || !frame_at(r, end_us, &end, failure))
        return false;
    u->timing = UNIT_TIMING_RUNS;
    if (!id) begin = end;
    if (begin > u->n_frame &&
        !reader_add_gap(r, begin - u->n_frame, UNIT_LOST_UNKNOWN, "", failure))
        return false;
    if (!id) return true;
    if (end <= begin) return reader_fail(r, failure, "a unit shorter than a frame");
    if (end - begin > UINT32_MAX) return reader_fail(r, failure, "a unit too long");
    return reader_add(r, id, (uint32_t)(end - begin), failure);
}

bool reader_add_time(struct unit_reader *r, const uint32_t *id, uint64_t begin_us,
                     uint64_t end_us, struct failure *failure)
{
    struct utterance_units *u = &r->utterance;
    uint64_t last_us = u->n > 0 || u->n_gap > 0 ? r->last_us : 0;
    if (begin_us + 1 < last_us)
        return reader_fail(r, failure, "begins %llu us before the one before it ends",
                           (unsigned long long)(last_us - begin_us));
    if (u->facts.hop_samples && u->facts.rate_hz) {
        if (!add_frames(r, id, begin_us, end_us, failure)) return false;
    } else {
        u->timing = UNIT_TIMING_SECONDS;
        bool hole = begin_us > last_us + 1;
        if ((hole || !id) && !reader_add_gap(r, 0, UNIT_LOST_UNKNOWN, "", failure)) return false;
        if (id && !reader_add(r, id, 0, failure)) return false;
    }
    r->last_us = end_us;
    if (!id) return true;
    r->time_us[u->n - 1][0] = begin_us;
    r->time_us[u->n - 1][1] = end_us;
    return true;
}

bool reader_next_id(const struct unit_reader *r, const char **text, bool first, bool lenient,
                    uint32_t *id, bool *more, struct failure *failure)
{
    const char *at = *text;
    if (lenient) {
        at += strspn(at, " \t");
    } else if (!first && *at == ' ') {
        at++;
    }
    *more = *at != '\0' || (!first && !lenient && at != *text);
    if (!*more) return true;
    uint64_t value = 0;
    const char *digit = at;
    for (; *digit >= '0' && *digit <= '9' && value <= UINT32_MAX; digit++)
        value = value * 10 + (unsigned)(*digit - '0');
    bool ends = *digit == '\0' || *digit == ' ' || (lenient && *digit == '\t');
    if (digit == at && ends)
        return reader_fail(r, failure, "%s",
                           *digit == ' ' ? "two blanks between units" : "a blank at the end");
    if (digit == at || !ends)
        return reader_fail(r, failure, "'%.*s' is not a unit; expected a whole number",
                           (int)(strcspn(at, " ") < 40 ? strcspn(at, " ") : 40), at);
    if (value > UINT32_MAX) return reader_fail(r, failure, "a unit too large");
    *id = (uint32_t)value;
    *text = digit;
    return true;
}

bool reader_add_ids(struct unit_reader *r, const char *text, bool lenient,
                    struct failure *failure)
{
    for (bool first = true;; first = false) {
        uint32_t id;
        bool more;
        if (!reader_next_id(r, &text, first, lenient, &id, &more, failure)) return false;
        if (!more) return true;
        if (!reader_add(r, &id, 1, failure)) return false;
    }
}

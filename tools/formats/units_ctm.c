/* SPDX-License-Identifier: MIT */
#include "tools/base/name_index.h"
#include "tools/base/number.h"
#include "tools/base/seconds.h"
#include "tools/formats/unit_label.h"
#include "tools/formats/unit_reader_ops.h"
#include "tools/formats/unit_writer_ops.h"

#include <stdlib.h>
#include <string.h>

/* NAME 1 BEGIN DURATION UNIT, one line per run; lost audio is a hole in time. Fields end at blanks,
   so that a unit with a label is "37_(AH)". */

static void record(struct unit_writer *w, const struct unit_record *r)
{
    const struct unit_facts *facts = &w->options.facts;
    uint64_t begin_us = frame_microseconds(r->first, facts->hop_samples, facts->rate_hz);
    uint64_t end_us = frame_microseconds(r->first + r->n, facts->hop_samples, facts->rate_hz);
    char begin[32], duration[32];
    format_microseconds(begin, begin_us);
    format_microseconds(duration, end_us - begin_us);
    const char *const field[] = {w->out.name, " 1 ", begin, " ", duration, " "};
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) sink_text(w->out.sink[0], field[i]);
    unit_label_write(w->out.sink[0], r->id[0], unit_writer_label(w, r->id[0]), ' ', "_");
    sink_text(w->out.sink[0], "\n");
}

static bool end(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    if (w->n_record == 0)
        format_note(&w->options.notes, "%s has no units, so the CTM has no line for it",
                    w->out.name);
    return true;
}

static const struct unit_writer_ops writer = {
    .options = WRITER_LABELS, .record = record, .end = end};

enum { N_FIELD = 6 };

/* One line is read ahead: the first of the next utterance. */
struct state {
    char *line; /* own copy, cut into fields; NULL: none */
    char *field[N_FIELD];
    int64_t begin_us, duration_us;
    uint32_t id;
    char channel[16]; /* of the utterance */
    struct name_index names;
};

static void close_state(struct unit_reader *r)
{
    struct state *state = r->state;
    free(state->line);
    name_index_clear(&state->names);
}

static size_t cut_fields(char *line, char **field)
{
    size_t n = 0;
    for (char *at = line; *(at += strspn(at, " \t"));) {
        if (n == N_FIELD) return n + 1;
        field[n++] = at;
        at += strcspn(at, " \t");
        if (*at) *at++ = '\0';
    }
    return n;
}

static bool parse_line(struct unit_reader *r, struct state *s, struct failure *failure)
{
    size_t n = cut_fields(s->line, s->field);
    if (n < 5 || n > N_FIELD)
        return reader_fail(r, failure,
                           "expected NAME CHANNEL BEGIN DURATION UNIT [CONFIDENCE]");
    if (!seconds_read_from_0(r->in.lines, "start", s->field[2], &s->begin_us, failure) ||
        !seconds_read_from_0(r->in.lines, "duration", s->field[3], &s->duration_us, failure))
        return false;
    if (!unit_label_parse(s->field[4], &s->id))
        return reader_fail(r, failure, "'%s' is not a unit; expected a whole number", s->field[4]);
    if (strlen(s->field[1]) >= sizeof s->channel)
        return reader_fail(r, failure, "'%s' is not a channel", s->field[1]);
    return true;
}

/* Reads the next line that is not a comment; state->line = NULL at the end. */
static bool read_line(struct unit_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    free(s->line);
    s->line = NULL;
    char *line;
    size_t length;
    do {
        if (!line_reader_next(r->in.lines, &line, &length, failure)) return false;
        if (!line) return true;
    } while (strncmp(line, ";;", 2) == 0);
    s->line = strdup(line);
    return s->line ? parse_line(r, s, failure) : fail_memory(failure);
}

static bool begin_utterance(struct unit_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    uint32_t id, n = s->names.n;
    if (!name_index_add(&s->names, s->field[0], &id, failure)) return false;
    if (id < n)
        return reader_fail(r, failure, "'%s' appears again after another utterance; sort the file",
                           s->field[0]);
    strcpy(s->channel, s->field[1]);
    return reader_name(r, s->field[0], strlen(s->field[0]), failure);
}

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    struct state *s = r->state;
    if (!s->line && !read_line(r, failure)) return false;
    *found = s->line != NULL;
    if (!*found) return true;
    if (!begin_utterance(r, failure)) return false;
    while (s->line && strcmp(s->field[0], r->name) == 0) {
        if (strcmp(s->field[1], s->channel) != 0)
            return reader_fail(r, failure,
                               "channel %s after channel %s; only one channel can be read",
                               s->field[1], s->channel);
        if (!reader_add_time(r, &s->id, (uint64_t)s->begin_us,
                             (uint64_t)(s->begin_us + s->duration_us), failure) ||
            !read_line(r, failure))
            return false;
    }
    return true;
}

static const struct unit_reader_ops reader = {.state_size = sizeof(struct state),
                                              .open = reader_open_lines,
                                              .next = next,
                                              .close = close_state};

const struct unit_format unit_format_ctm = {
    .name = "ctm",
    .suffix = {".ctm"},
    .about = "text, NAME 1 BEGIN DURATION 3, one line per run, in seconds",
    .traits = FORMAT_TEXT | FORMAT_NAMES | FORMAT_DURATIONS | FORMAT_TIMES | FORMAT_GAPS |
              FORMAT_RUNS,
    .name_rule = NAME_CTM,
    .writer = &writer,
    .reader = &reader,
};

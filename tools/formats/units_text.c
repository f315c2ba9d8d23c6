/* SPDX-License-Identifier: MIT */
#include "tools/base/number.h"
#include "tools/base/path.h"
#include "tools/formats/unit_reader_ops.h"
#include "tools/formats/unit_writer_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* textlesslib's transcripts, "3 17 42" or "NAME<TAB>3 17 42", and, line by line beside them, the
   durations in frames, "2 2 1". */

/* There is room to append ".gz". */
char *unit_durations_path(const char *units_path)
{
    bool is_units = path_has_text_suffix(units_path, "units");
    size_t n = is_units ? path_without_suffix(units_path).length : strlen(units_path);
    char *path = malloc(n + sizeof ".durations.gz");
    if (path) sprintf(path, "%.*s.durations", (int)n, units_path);
    return path;
}

static bool open_durations(struct unit_writer *w, struct failure *failure)
{
    if (!w->options.durations) return true;
    if (sink_is_stream(w->out.sink[0]))
        return fail(failure, EXIT_USAGE, "--durations writes a second file; give -o FILE");
    char *path = unit_durations_path(w->options.path);
    if (!path) return fail_memory(failure);
    bool ok = outputs_open(&w->out, 1, path, failure);
    free(path);
    return ok;
}

static bool begin_named(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    sink_text(w->out.sink[0], w->out.name);
    sink_text(w->out.sink[0], "\t");
    return true;
}

static void record(struct unit_writer *w, const struct unit_record *r)
{
    const char *blank = w->n_record > 0 ? " " : "";
    sink_text(w->out.sink[0], blank);
    sink_decimal(w->out.sink[0], r->id[0]);
    if (!w->out.sink[1]) return;
    sink_text(w->out.sink[1], blank);
    sink_decimal(w->out.sink[1], r->n);
}

static bool end(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    sink_text(w->out.sink[0], "\n");
    if (w->out.sink[1]) sink_text(w->out.sink[1], "\n");
    return true;
}

static const struct unit_writer_ops writer = {
    .options = WRITER_DURATIONS | WRITER_DURATIONS_FILE, .open = open_durations,
    .record = record, .end = end};

static const struct unit_writer_ops writer_named = {
    .options = WRITER_DURATIONS | WRITER_DURATIONS_FILE, .open = open_durations,
    .begin = begin_named, .record = record, .end = end};

struct state {
    struct line_reader *durations; /* NULL: none */
};

static void close_durations(struct unit_reader *r)
{
    line_reader_close(((struct state *)r->state)->durations);
}

static bool open_both(struct unit_reader *r, struct failure *failure)
{
    struct state *state = r->state;
    if (!reader_open_lines(r, failure)) return false;
    if (r->options.durations_path)
        return line_reader_open(&state->durations, r->options.durations_path, failure);
    if (strcmp(r->in.path, "-") == 0) return true;
    char *path = unit_durations_path(r->in.path);
    if (!path) return fail_memory(failure);
    if (access(path, F_OK) != 0) strcat(path, ".gz");
    bool ok = access(path, F_OK) != 0 || line_reader_open(&state->durations, path, failure);
    free(path);
    return ok;
}

/* Ids K and K+1 are the begin and end marks of textlesslib's encoder. */
static bool is_special(const struct unit_reader *r, uint32_t id)
{
    uint32_t n_code = r->options.facts.n_code;
    return r->options.allow_special && n_code && id >= n_code && id - n_code < 2;
}

/* Reads the next duration; *at = NULL: there are none. */
static bool next_duration(struct unit_reader *r, const char **at, bool first, uint32_t *duration,
                          struct failure *failure)
{
    *duration = 1;
    if (!*at) return true;
    const struct line_reader *lines = ((struct state *)r->state)->durations;
    const char *from = *at + (first ? 0 : **at == ' ');
    char digits[16];
    size_t n = strcspn(from, " ");
    if (*from == '\0')
        return line_reader_fail(lines, failure, "fewer durations than %s:%zu has units", r->in.path,
                                line_reader_number(r->in.lines));
    if (n < sizeof digits) {
        memcpy(digits, from, n);
        digits[n] = '\0';
    }
    if (n >= sizeof digits || !parse_u32(digits, duration) || *duration == 0)
        return line_reader_fail(lines, failure,
                                "'%.*s' is not a duration; expected a whole number of frames, at "
                                "least 1",
                                (int)(n < 40 ? n : 40), from);
    *at = from + n;
    return true;
}

static bool add_line(struct unit_reader *r, const char *text, const char *durations,
                     struct failure *failure)
{
    const struct line_reader *lines = ((struct state *)r->state)->durations;
    bool more = true;
    for (bool first = true; more; first = false) {
        uint32_t id, duration;
        if (!reader_next_id(r, &text, first, false, &id, &more, failure)) return false;
        if (!more) break;
        if (!next_duration(r, &durations, first, &duration, failure)) return false;
        if (!is_special(r, id) && !reader_add(r, &id, duration, failure)) return false;
    }
    if (durations && *durations)
        return line_reader_fail(lines, failure, "more durations than %s:%zu has units", r->in.path,
                                line_reader_number(r->in.lines));
    return true;
}

/* Reads the line of durations that belongs to the line of units; NULL: there are no durations. */
static bool parallel_line(struct unit_reader *r, bool has_units, const char **line,
                          struct failure *failure)
{
    struct line_reader *lines = ((struct state *)r->state)->durations;
    *line = NULL;
    if (!lines) return true;
    char *text;
    size_t length;
    if (!line_reader_next(lines, &text, &length, failure)) return false;
    *line = text;
    if (has_units && !text)
        return fail(failure, EXIT_INPUT, "%s: ends after %zu lines, but %s has more",
                    line_reader_path(lines), line_reader_number(lines), r->in.path);
    if (!has_units && text)
        return line_reader_fail(lines, failure, "%s ends before this line", r->in.path);
    return true;
}

static bool next_line(struct unit_reader *r, bool named, bool *found, struct failure *failure)
{
    char *line;
    size_t length;
    const char *durations;
    if (!line_reader_next(r->in.lines, &line, &length, failure) ||
        !parallel_line(r, line != NULL, &durations, failure))
        return false;
    *found = line != NULL;
    if (!line) return true;
    r->utterance.timing = durations ? UNIT_TIMING_RUNS : UNIT_TIMING_FRAMES;

    const char *text = line;
    const char *tab = strchr(line, '\t');
    if (tab && !named)
        return reader_fail(r, failure,
                           "the line contains a TAB; if names precede it, add --from units-names");
    if (named) {
        text = tab ? tab + 1 : line + length; /* merged shards lose the TAB of empty lines */
        size_t n = tab ? (size_t)(tab - line) : length;
        if (n == 0) return reader_fail(r, failure, "expected a name and a TAB before the units");
        if (!reader_name(r, line, n, failure)) return false;
    }
    return add_line(r, text, durations, failure);
}

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    return next_line(r, false, found, failure);
}

static bool next_named(struct unit_reader *r, bool *found, struct failure *failure)
{
    return next_line(r, true, found, failure);
}

static const struct unit_reader_ops reader = {.options = READER_SPECIAL | READER_DURATIONS,
                                              .state_size = sizeof(struct state),
                                              .open = open_both,
                                              .next = next,
                                              .close = close_durations};

static const struct unit_reader_ops reader_named = {.options = READER_SPECIAL | READER_DURATIONS,
                                                    .state_size = sizeof(struct state),
                                                    .open = open_both,
                                                    .next = next_named,
                                                    .close = close_durations};

const struct unit_format unit_format_units = {
    .name = "units",
    .suffix = {".units"},
    .about = "text, 3 17 42, one line per utterance, --durations beside it (textlesslib)",
    .traits = FORMAT_TEXT | FORMAT_DURATIONS | FORMAT_ORDER,
    .name_rule = NAME_ANY,
    .writer = &writer,
    .reader = &reader,
};

const struct unit_format unit_format_units_names = {
    .name = "units-names",
    .suffix = {NULL},
    .about = "text, NAME, a TAB, 3 17 42 (textlesslib)",
    .traits = FORMAT_TEXT | FORMAT_NAMES | FORMAT_DURATIONS,
    .name_rule = NAME_TABBED,
    .writer = &writer_named,
    .reader = &reader_named,
};

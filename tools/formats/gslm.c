/* SPDX-License-Identifier: MIT */
#include "tools/formats/unit_reader_ops.h"
#include "tools/formats/unit_writer_ops.h"

#include <string.h>

/* NAME|3 3 17 17 42 */

static bool begin(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    sink_text(w->out.sink[0], w->out.name);
    sink_text(w->out.sink[0], "|");
    return true;
}

static void record(struct unit_writer *w, const struct unit_record *r)
{
    if (w->n_record > 0) sink_text(w->out.sink[0], " ");
    sink_decimal(w->out.sink[0], r->id[0]);
}

static bool end(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    sink_text(w->out.sink[0], "\n");
    return true;
}

static const struct unit_writer_ops writer = {.begin = begin, .record = record, .end = end};

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    char *line;
    size_t length;
    if (!line_reader_next(r->in.lines, &line, &length, failure)) return false;
    *found = line != NULL;
    if (!line) return true;
    const char *bar = strchr(line, '|');
    if (!bar) return reader_fail(r, failure, "there is no '|' after the name; is this GSLM text?");
    return reader_name(r, line, (size_t)(bar - line), failure) &&
           reader_add_ids(r, bar + 1, r->options.lenient, failure);
}

static const struct unit_reader_ops reader = {
    .options = READER_LENIENT, .open = reader_open_lines, .next = next};

const struct unit_format unit_format_gslm = {
    .name = "gslm",
    .suffix = {".gslm"},
    .about = "text, NAME|3 3 17, one line per utterance (fairseq GSLM)",
    .traits = FORMAT_NAMES | FORMAT_TEXT,
    .name_rule = NAME_BAR,
    .writer = &writer,
    .reader = &reader,
};

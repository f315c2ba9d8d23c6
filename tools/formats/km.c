/* SPDX-License-Identifier: MIT */
#include "tools/formats/unit_reader_ops.h"
#include "tools/formats/unit_writer_ops.h"

/* 3 3 17 17 42: HuBERT's labels, one line per utterance, without names. */

static bool resumes(const struct unit_writer *w, int i)
{
    return w->options.resume && w->options.resume[i].length > 0;
}

static bool open_manifest(struct unit_writer *w, struct failure *failure)
{
    if (!w->options.tsv_path) return true;
    if (!outputs_open(&w->out, 2, w->options.tsv_path, failure)) return false;
    if (resumes(w, 2)) return true;
    sink_text(w->out.sink[2], w->options.tsv_root);
    sink_text(w->out.sink[2], "\n");
    return true;
}

static bool open_dictionary(struct unit_writer *w, struct failure *failure)
{
    if (!w->options.dict_path) return true;
    if (w->options.facts.n_code == 0)
        return fail(failure, EXIT_USAGE, "the dictionary lists all codes; add --codes K");
    if (!outputs_open(&w->out, 1, w->options.dict_path, failure)) return false;
    if (resumes(w, 1)) return true;
    for (uint32_t id = 0; id < w->options.facts.n_code; id++) {
        sink_decimal(w->out.sink[1], id);
        sink_text(w->out.sink[1], " 1\n");
    }
    return true;
}

static bool open_files(struct unit_writer *w, struct failure *failure)
{
    return open_dictionary(w, failure) && open_manifest(w, failure);
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
    if (!w->out.sink[2]) return true;
    sink_text(w->out.sink[2], w->file_path);
    sink_text(w->out.sink[2], "\t");
    sink_decimal(w->out.sink[2], w->file_samples);
    sink_text(w->out.sink[2], "\n");
    return true;
}

static const struct unit_writer_ops writer = {
    .options = WRITER_DICT | WRITER_TSV, .open = open_files, .record = record, .end = end};

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    char *line;
    size_t length;
    if (!line_reader_next(r->in.lines, &line, &length, failure)) return false;
    *found = line != NULL;
    return !line || reader_add_ids(r, line, false, failure);
}

static const struct unit_reader_ops reader = {.open = reader_open_lines, .next = next};

const struct unit_format unit_format_km = {
    .name = "km",
    .suffix = {".km"},
    .about = "text, 3 3 17, one line per utterance, in the order of the manifest (fairseq HuBERT)",
    .traits = FORMAT_ORDER | FORMAT_TEXT,
    .name_rule = NAME_ANY,
    .writer = &writer,
    .reader = &reader,
};

/* SPDX-License-Identifier: MIT */
#include "tools/formats/unit_writer.h"

#include "tools/formats/unit_writer_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned unit_format_writer_options(const struct unit_format *format)
{
    return format->writer->options;
}

static bool fail_codebooks(const struct unit_format *format, const struct unit_facts *facts,
                           struct failure *failure)
{
    char names[256] = "";
    size_t n = 0;
    for (size_t i = 0; unit_format_at(i) && n < sizeof names; i++)
        if (unit_format_at(i)->traits & FORMAT_CODEBOOKS)
            n += (size_t)snprintf(names + n, sizeof names - n, " %s", unit_format_at(i)->name);
    return fail(failure, EXIT_USAGE,
                "format %s stores one codebook, but the units have %u; formats that store them "
                "all:%s",
                format->name, facts->n_codebook, names);
}

static bool check_facts(const struct unit_format *format, const struct unit_facts *facts,
                        struct failure *failure)
{
    if (facts->n_codebook > 1 && !(format->traits & FORMAT_CODEBOOKS))
        return fail_codebooks(format, facts, failure);
    if ((format->traits & FORMAT_TIMES) && (!facts->hop_samples || !facts->rate_hz))
        return fail(failure, EXIT_USAGE,
                    "format %s needs the frame rate; add --hop SAMPLES --rate HZ", format->name);
    if ((format->traits & FORMAT_CODES) && !facts->n_code)
        return fail(failure, EXIT_USAGE, "format %s states the number of codes; add --codes K",
                    format->name);
    if (format->most_codes && facts->n_code > format->most_codes)
        return fail(failure, EXIT_USAGE,
                    "format %s stores ids below %llu, but the codebook has %u; choose another "
                    "format",
                    format->name, (unsigned long long)format->most_codes, facts->n_code);
    return true;
}

static bool allocate(struct unit_writer *w, struct failure *failure)
{
    size_t state_size = w->options.format->writer->state_size;
    w->run_id = calloc(w->options.facts.n_codebook, sizeof *w->run_id);
    w->state = calloc(1, state_size ? state_size : 1);
    return (w->run_id && w->state) || fail_memory(failure);
}

bool unit_writer_open(struct unit_writer **out, const struct unit_writer_options *options,
                      struct failure *failure)
{
    if (!check_facts(options->format, &options->facts, failure)) return false;
    struct unit_writer *w = calloc(1, sizeof *w);
    if (!w) return fail_memory(failure);
    w->options = *options;
    if (w->options.facts.n_codebook == 0) w->options.facts.n_codebook = 1;
    const struct unit_format *format = options->format;
    w->out = (struct outputs){.format = format->name,
                              .traits = format->traits,
                              .name_rule = format->name_rule,
                              .suffix = format->suffix[0],
                              .path = options->path,
                              .one_input = options->one_input,
                              .text = options->text,
                              .name_escape = options->name_escape,
                              .name_folders = options->name_folders,
                              .shared = options->shared,
                              .guard = options->guard,
                              .tag = options->tag,
                              .resume = options->resume};
    w->id_limit = options->facts.n_code   ? options->facts.n_code
                  : format->most_codes    ? format->most_codes
                                          : (uint64_t)UINT32_MAX + 1;
    if (!allocate(w, failure) || !outputs_open_first(&w->out, failure) ||
        (format->writer->open && !format->writer->open(w, failure))) {
        unit_writer_abandon(w, options->resume != NULL);
        return false;
    }
    *out = w;
    return true;
}

static void write_run(struct unit_writer *w)
{
    if (w->run_n == 0) return;
    struct unit_record record = {.id = w->run_id, .first = w->run_first, .n = w->run_n};
    w->options.format->writer->record(w, &record);
    w->n_record++;
    w->run_n = 0;
}

static void add_run(struct unit_writer *w, const uint32_t *id, uint32_t n)
{
    size_t n_codebook = w->options.facts.n_codebook;
    if (w->run_n > 0 && memcmp(w->run_id, id, n_codebook * sizeof *id) == 0) {
        w->run_n += n;
    } else {
        write_run(w);
        memcpy(w->run_id, id, n_codebook * sizeof *id);
        w->run_first = w->frame;
        w->run_n = n;
    }
    w->frame += n;
}

static void add_frames(struct unit_writer *w, const uint32_t *id, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++, w->frame++, w->n_record++) {
        struct unit_record record = {.id = id, .first = w->frame, .n = 1};
        w->options.format->writer->record(w, &record);
    }
}

static bool check_ids(const struct unit_writer *w, const uint32_t *id, struct failure *failure)
{
    for (uint32_t c = 0; c < w->options.facts.n_codebook; c++)
        if (id[c] >= w->id_limit)
            return fail(failure, EXIT_INPUT,
                        "%s: unit %u at frame %llu is too large; format %s stores ids below %llu "
                        "here",
                        w->out.name, id[c], (unsigned long long)w->frame,
                        w->options.format->name, (unsigned long long)w->id_limit);
    return true;
}

/* With `flush`, hands each record to the system as soon as it is written. */
static bool finish_call(struct unit_writer *w, struct failure *failure)
{
    if (w->options.flush && w->out.sink[0] && !sink_flush(w->out.sink[0], failure)) return false;
    return outputs_check(&w->out, failure);
}

bool unit_writer_begin(struct unit_writer *w, const char *name, struct failure *failure)
{
    const struct unit_writer_ops *ops = w->options.format->writer;
    if (!outputs_begin(&w->out, name, failure)) return false;
    w->n_record = w->frame = w->run_n = 0;
    w->has_clock = false;
    return (!ops->begin || ops->begin(w, failure)) && finish_call(w, failure);
}

bool unit_writer_runs(struct unit_writer *w, const uint32_t *id, const uint32_t *duration,
                      size_t n, struct failure *failure)
{
    bool runs = w->options.dedup || (w->options.format->traits & FORMAT_RUNS);
    for (size_t i = 0; i < n; i++, id += w->options.facts.n_codebook) {
        if (!check_ids(w, id, failure)) return false;
        uint32_t n_frame = duration ? duration[i] : 1;
        if (runs)
            add_run(w, id, n_frame);
        else
            add_frames(w, id, n_frame);
    }
    return finish_call(w, failure);
}

bool unit_writer_units(struct unit_writer *w, const uint32_t *id, size_t n,
                       struct failure *failure)
{
    return unit_writer_runs(w, id, NULL, n, failure);
}

/* Whether the text needs no escape in any format. */
static bool is_plain(const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\') return false;
    return true;
}

bool unit_writer_gap(struct unit_writer *w, uint64_t n_frame, uint64_t lost, const char *why,
                     struct failure *failure)
{
    const struct unit_writer_ops *ops = w->options.format->writer;
    if (why && !is_plain(why))
        return fail(failure, EXIT_INPUT,
                    "%s: the reason of a gap is ASCII text without quotes and backslashes",
                    w->out.name);
    write_run(w);
    if (ops->gap) ops->gap(w, n_frame, lost, why);
    w->frame += n_frame;
    return finish_call(w, failure);
}

void unit_writer_wall_clock(struct unit_writer *w, double unix_s)
{
    w->has_clock = true;
    w->clock_s = unix_s;
}

void unit_writer_file(struct unit_writer *w, const char *path, uint64_t n_sample)
{
    w->file_path = path;
    w->file_samples = n_sample;
}

bool unit_writer_end(struct unit_writer *w, struct failure *failure)
{
    const struct unit_writer_ops *ops = w->options.format->writer;
    write_run(w);
    if (ops->end && !ops->end(w, failure)) {
        outputs_take_back(&w->out);
        return false;
    }
    return outputs_end(&w->out, failure) && finish_call(w, failure);
}

bool unit_writer_drop(struct unit_writer *w, struct failure *failure)
{
    w->run_n = 0;
    if (!outputs_take_back(&w->out)) return unit_writer_end(w, failure);
    return outputs_check(&w->out, failure);
}

bool unit_writer_flush(struct unit_writer *w, struct failure *failure)
{
    return outputs_flush(&w->out, failure);
}

bool unit_writer_mark(struct unit_writer *w, struct sink_mark *mark, struct failure *failure)
{
    return outputs_mark(&w->out, mark, UNIT_WRITER_FILES, failure);
}

bool unit_writer_has(const struct unit_writer *w, const char *name, const struct sink_mark *mark)
{
    return outputs_has(&w->out, name, mark);
}

bool unit_writer_commit(struct unit_writer *w, struct failure *failure)
{
    bool ok = outputs_commit(&w->out, failure);
    unit_writer_abandon(w, false);
    return ok;
}

void unit_writer_abandon(struct unit_writer *w, bool keep)
{
    if (!w) return;
    if (w->options.format->writer->close && w->state) w->options.format->writer->close(w);
    outputs_close(&w->out, keep);
    free(w->run_id);
    free(w->state);
    free(w);
}

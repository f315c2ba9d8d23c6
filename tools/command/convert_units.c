/* SPDX-License-Identifier: MIT */
#include "tools/command/convert.h"
#include "tools/base/growing.h"
#include "tools/cli/interruption.h"
#include "tools/cli/model_lookup.h"
#include "tools/command/unit_match.h"
#include "tools/command/unit_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEDUP_EVIDENCE = 50 }; /* consecutive units without a repetition that suggest --dedup */

struct conversion {
    const struct convert_options *options;
    const struct unit_format *to;
    struct unit_writer *writer; /* opened once the first utterance shows the facts */
    struct unit_facts facts;    /* of the writer */
    struct unit_facets from;    /* of the inputs so far */
    bool one_input;
    unsigned lost_from;         /* traits that the inputs had */
    struct unit_names names;
    voq_model *model;         /* NULL: labels are not written */
    voq_info info;            /* of the model */
    const char *const *label; /* of the model */
    uint32_t *id;               /* of one of several codebooks */
    size_t id_capacity;
    struct option_guard *guard;
    struct messages *messages;
    struct interruption interruption;
};

static bool same_facts(const struct unit_facts *a, const struct unit_facts *b)
{
    return a->n_code == b->n_code && a->n_codebook == b->n_codebook &&
           a->hop_samples == b->hop_samples && a->rate_hz == b->rate_hz &&
           strcmp(a->model_hash, b->model_hash) == 0;
}

static struct unit_facts written_facts(const struct conversion *c, const struct unit_facts *read)
{
    struct unit_facts facts = *read;
    if (c->options->codebook) facts.n_codebook = 1;
    if (facts.n_codebook == 0) facts.n_codebook = 1;
    return facts;
}

static bool open_writer(struct conversion *c, struct failure *failure)
{
    const struct convert_options *o = c->options;
    const struct unit_writer_options writer = {
        .format = c->to,
        .path = o->output,
        .one_input = c->one_input,
        .facts = c->facts,
        .dedup = o->dedup,
        .durations = o->durations,
        .text = o->text,
        .npy_type = (enum npy_type)o->npy_type,
        .scp_path = o->scp,
        .dict_path = o->dict,
        .label = c->label,
        .name_escape = o->name_escape,
        .name_folders = !o->name_escape,
        .notes = convert_notes(c->messages),
        .guard = {option_guard_allows, c->guard},
    };
    return unit_writer_open(&c->writer, &writer, failure);
}

static bool match_facts(struct conversion *c, const struct utterance_units *u, const char *place,
                        struct failure *failure)
{
    struct unit_facts facts = written_facts(c, &u->facts);
    if (c->options->codebook > u->facts.n_codebook)
        return fail(failure, EXIT_USAGE,
                    "%s: there are only %u codebooks, so --codebook %u does not exist", place,
                    u->facts.n_codebook, c->options->codebook);
    if (facts.n_codebook > 1 && !(c->to->traits & FORMAT_CODEBOOKS))
        return fail(failure, EXIT_USAGE,
                    "%s: the units have %u codebooks, but format %s holds one; choose one by "
                    "--codebook N", place, facts.n_codebook, c->to->name);
    if (!c->writer) {
        c->facts = facts;
        return open_writer(c, failure);
    }
    return same_facts(&facts, &c->facts) ||
           fail(failure, EXIT_INPUT,
                "%s: the units differ from those before in codes, codebooks, hop, rate or model; "
                "convert them separately", place);
}

static bool has_repeat(const struct utterance_units *u)
{
    size_t size = u->facts.n_codebook * sizeof *u->id;
    for (size_t i = 1; i < u->n; i++)
        if (memcmp(u->id + (i - 1) * u->facts.n_codebook, u->id + i * u->facts.n_codebook,
                   size) == 0)
            return true;
    return false;
}

/* Rejects conversions that would have to invent times. */
static bool check_timing(const struct conversion *c, const struct utterance_units *u,
                         const char *place, struct failure *failure)
{
    bool needs_frames = !c->options->dedup || c->options->durations ||
                        (c->to->traits & (FORMAT_TIMES | FORMAT_RUNS));
    if (u->timing == UNIT_TIMING_SECONDS && needs_frames)
        return fail(failure, EXIT_USAGE,
                    "%s: has times but not the length of a frame; add --hop SAMPLES --rate HZ, or "
                    "--dedup", place);
    bool invents = u->timing == UNIT_TIMING_FRAMES && (c->to->traits & FORMAT_TIMES) &&
                   !c->options->frames && u->n >= DEDUP_EVIDENCE && !has_repeat(u);
    if (invents && !(c->lost_from & FORMAT_FRAME_RATE))
        return fail(failure, EXIT_INPUT,
                    "%s: none of the %zu units is repeated, so they seem to be deduplicated and "
                    "their times are unknown; add --frames if each unit is one frame", place, u->n);
    return true;
}

static bool choose_name(struct conversion *c, const struct utterance_units *u, char **name,
                        struct failure *failure)
{
    if (c->to->traits & FORMAT_NAMES) return unit_names_choose(&c->names, u, name, failure);
    *name = strdup(u->name);
    return *name || fail_memory(failure);
}

/* Selects the ids to write: those of all codebooks or of one. */
static bool choose_ids(struct conversion *c, const struct utterance_units *u, const uint32_t **id,
                       struct failure *failure)
{
    *id = u->id;
    if (!c->options->codebook || u->facts.n_codebook == 1) return true;
    if (!grow(&c->id, &c->id_capacity, u->n, sizeof *c->id, failure)) return false;
    for (size_t i = 0; i < u->n; i++)
        c->id[i] = u->id[i * u->facts.n_codebook + c->options->codebook - 1];
    *id = c->id;
    return true;
}

static bool write_entries(struct conversion *c, const struct utterance_units *u, const uint32_t *id,
                          struct failure *failure)
{
    size_t done = 0;
    for (size_t g = 0; g <= u->n_gap; g++) {
        size_t end = g < u->n_gap ? u->gap[g].before : u->n;
        if (end > done &&
            !unit_writer_runs(c->writer, id + done * c->facts.n_codebook,
                              u->duration ? u->duration + done : NULL, end - done, failure))
            return false;
        done = end;
        if (g == u->n_gap) break;
        const struct unit_gap *gap = &u->gap[g];
        if (!unit_writer_gap(c->writer, gap->n_frame, gap->lost, gap->why[0] ? gap->why : NULL,
                             failure))
            return false;
    }
    return true;
}

/* A name that the format rejects, or that is used twice, is a fault of the input. */
static bool begin_utterance(struct conversion *c, const char *name, const char *place,
                            struct failure *failure)
{
    if (unit_writer_begin(c->writer, name, failure)) return true;
    struct failure own = *failure;
    return own.code == EXIT_INPUT && fail(failure, EXIT_INPUT, "%s: %s", place, own.text);
}

static bool write_utterance(struct conversion *c, const struct utterance_units *u,
                            const char *place, struct failure *failure)
{
    const uint32_t *id = NULL;
    char *name = NULL;
    if (!choose_name(c, u, &name, failure)) return false;
    bool ok = choose_ids(c, u, &id, failure) && begin_utterance(c, name, place, failure) &&
              write_entries(c, u, id, failure) && unit_writer_end(c->writer, failure);
    free(name);
    if (!ok) return false;
    if (u->name[0]) c->lost_from |= FORMAT_NAMES;
    if (u->n_gap > 0) c->lost_from |= FORMAT_GAPS;
    return true;
}

/* Options that apply to none of the inputs can be reported only once the last one is open. */
static bool convert_file(struct conversion *c, const char *input, bool is_last,
                         struct failure *failure)
{
    const struct convert_options *o = c->options;
    struct unit_reader_options options = {
        .facts = {.n_code = o->codes, .hop_samples = o->hop, .rate_hz = o->rate},
        .lenient = o->lenient,
        .allow_special = o->allow_special,
        .npy_axes = (enum npy_axes)o->npy_axes,
        .durations_path = o->durations_file,
        .notes = convert_notes(c->messages),
    };
    struct unit_reader *reader;
    const struct utterance_units *u;
    if (o->from && !unit_format_find(o->from, &options.format, failure)) return false;
    if (c->info.rate_hz)
        unit_match_hop(&c->info, o->from ? options.format : unit_format_of_input(input),
                       &options.facts);
    if (!unit_reader_open(&reader, input, &options, failure)) return false;
    unit_facets_add(&c->from, unit_reader_format(reader));
    c->lost_from |= unit_reader_format(reader)->traits & (FORMAT_TIMES | FORMAT_FRAME_RATE);
    unit_names_begin(&c->names, input);
    bool ok = !is_last || convert_fit_input(o, &c->from, c->to, failure);
    while (ok && (ok = unit_reader_next(reader, &u, failure)) && u) {
        const char *place = unit_reader_place(reader);
        if (u->cut) messages_warn(c->messages,
                                  "%s: the stream was cut short, it has no end record", place);
        interruption_hold(&c->interruption);
        ok = (!c->model || unit_match(&c->info, u, place, failure)) &&
             check_timing(c, u, place, failure) && match_facts(c, u, place, failure) &&
             write_utterance(c, u, place, failure);
        interruption_release(&c->interruption);
    }
    unit_reader_close(reader);
    return ok;
}

static bool choose_format(struct conversion *c, struct failure *failure)
{
    const struct convert_options *o = c->options;
    c->to = unit_format_of_path(o->output);
    if (!c->to) c->to = unit_format_at(0);
    return (!o->format || unit_format_find(o->format, &c->to, failure)) &&
           convert_fit_units(o, c->to, failure);
}

static bool open_model(struct conversion *c, struct failure *failure)
{
    char path[4096];
    c->info.struct_size = sizeof c->info;
    if (!c->options->labels) return true;
    if (!model_open(c->options->model, VOQ_CPU_AUTO, &c->model, path, sizeof path, failure) ||
        !model_labels(c->model, &c->label, failure))
        return false;
    if (voq_model_describe(c->model, &c->info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "%s: the model cannot be described", path);
    return convert_fit_labels(c->options, c->info.rate_hz > 0, failure);
}

static void say_losses(const struct conversion *c)
{
    char text[256];
    struct unit_facts facts = c->facts;
    if (!(c->lost_from & FORMAT_FRAME_RATE)) facts.hop_samples = 0; /* the user states it */
    if (c->options->codes) facts.n_code = 0;
    format_losses(&facts, c->lost_from, c->to, c->options->dedup, c->options->durations, text,
                  sizeof text);
    if (text[0]) messages_note(c->messages, "format %s cannot store: %s", c->to->name, text);
}

static bool finish_output(struct conversion *c, struct failure *failure)
{
    const struct convert_options *o = c->options;
    if (!c->writer) { /* without utterances an empty file is written */
        c->facts = (struct unit_facts){.n_code = o->codes, .n_codebook = 1,
                                       .hop_samples = o->hop, .rate_hz = o->rate};
        if (c->info.rate_hz) unit_match_hop(&c->info, NULL, &c->facts);
        if (!open_writer(c, failure)) return false;
    }
    bool ok = unit_writer_commit(c->writer, failure);
    c->writer = NULL;
    return ok;
}

static void abandon_output(void *context)
{
    struct conversion *c = context;
    unit_writer_abandon(c->writer, false);
    c->writer = NULL;
}

bool convert_units(const struct convert_options *options, char **input, size_t n,
                   struct option_guard *guard, struct messages *messages, struct failure *failure)
{
    struct conversion c = {.options = options, .one_input = n == 1, .guard = guard,
                           .messages = messages};
    if (!interruption_start(&c.interruption, abandon_output, &c)) return fail_memory(failure);
    bool ok = choose_format(&c, failure) && open_model(&c, failure) &&
              unit_names_open(&c.names, options->tsv, messages, failure);
    for (size_t i = 0; i < n && ok; i++) ok = convert_file(&c, input[i], i + 1 == n, failure);
    interruption_hold(&c.interruption);
    ok = ok && finish_output(&c, failure);
    abandon_output(&c);
    interruption_release(&c.interruption);
    interruption_stop(&c.interruption);
    if (ok) say_losses(&c);
    unit_names_close(&c.names);
    voq_model_close(c.model);
    free(c.id);
    return ok;
}

/* SPDX-License-Identifier: MIT */
#include "tools/command/decode.h"

#include "tools/command/command.h"
#include "tools/command/convert.h"
#include "tools/command/decode_features.h"
#include "tools/cli/interruption.h"
#include "tools/cli/model_lookup.h"
#include "tools/command/unit_match.h"
#include "tools/command/unit_names.h"
#include "tools/formats/feature_writer.h"

#include <stdlib.h>
#include <string.h>

struct decoding {
    const struct decode_options *options;
    struct messages *messages;
    struct option_guard guard;
    voq_model *model;
    voq_info info;
    char model_path[4096];
    struct unit_names names;
    struct unit_facets from; /* of the inputs so far */
    struct feature_writer *writer;
    float *vector; /* [info.dim] */
    struct reconstruction reconstruction; /* with --features */
    bool told_gaps;
    struct interruption interruption;
};

/* ---- opening --------------------------------------------------------------------------------- */

static bool open_decoder(struct decoding *d, struct failure *failure)
{
    if (!reconstruction_open(&d->reconstruction, d->model, d->model_path, failure)) return false;
    if (d->reconstruction.is_normalised)
        messages_note(d->messages,
                      "%s: the vectors are normalised, as they enter the encoder; a running mean "
                      "or a transform cannot be undone", d->info.name);
    return true;
}

static bool open_model(struct decoding *d, struct failure *failure)
{
    const char *name = d->options->model;
    d->info.struct_size = sizeof d->info;
    if (!model_open(name, VOQ_CPU_AUTO, &d->model, d->model_path, sizeof d->model_path, failure))
        return false;
    if (voq_model_describe(d->model, &d->info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    if (d->info.n_codebook == 0)
        return fail(failure, EXIT_USAGE,
                    "%s: a model without codewords has no units; give another model to -m",
                    d->info.name);
    if (!name) messages_note(d->messages, "model %s %s", d->info.name, d->info.hash);
    if (d->options->features && !open_decoder(d, failure)) return false;
    d->vector = malloc(d->info.dim * sizeof *d->vector);
    return d->vector || fail_memory(failure);
}

static bool guard_files(struct decoding *d, char **input, size_t n, struct failure *failure)
{
    if (!option_guard_options(&d->guard, &decode_option_table, d->options, failure) ||
        !option_guard_reads(&d->guard, d->model_path, failure))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!convert_guard_input(&d->guard, input[i], d->options->from, false, failure))
            return false;
    return option_guard_check(&d->guard, failure);
}

static bool open_writer(struct decoding *d, bool one_input, struct failure *failure)
{
    const struct decode_options *o = d->options;
    struct feature_writer_options writer = {
        .format = feature_format_of_path(o->output),
        .path = o->output,
        .one_input = one_input,
        .dim = o->features ? d->reconstruction.decoder.frame_dim : d->info.dim,
        .text = o->text,
        .scp_path = o->scp,
        .name_escape = o->name_escape,
        .name_folders = !o->name_escape,
        .notes = convert_notes(d->messages),
        .guard = {option_guard_allows, &d->guard},
    };
    if (!writer.format) writer.format = feature_format_at(0);
    if (o->format && !feature_format_find(o->format, &writer.format, failure)) return false;
    return decode_fit_output(o, writer.format, failure) &&
           feature_writer_open(&d->writer, &writer, failure);
}

/* ---- an utterance ---------------------------------------------------------------------------- */

/* Checks that the units can come from this model and become frames. */
static bool check_units(const struct decoding *d, const struct utterance_units *u,
                        const char *place, struct failure *failure)
{
    if (!unit_match(&d->info, u, place, failure)) return false;
    return u->timing != UNIT_TIMING_SECONDS ||
           fail(failure, EXIT_INPUT,
                "%s: has times, but the model of vectors %s has no frames; first turn times into "
                "frames with voq convert --hop SAMPLES --rate HZ", place, d->info.name);
}

static bool write_vectors(struct decoding *d, const struct utterance_units *u,
                          struct failure *failure)
{
    if (d->options->features)
        return reconstruction_write(&d->reconstruction, u, d->writer, failure);
    for (size_t i = 0; i < u->n; i++) {
        const uint32_t *id = u->id + i * u->facts.n_codebook;
        voq_status status = voq_decode(d->model, id, 1, d->vector);
        if (status != VOQ_OK) return fail(failure, EXIT_INTERNAL, "%s", voq_status_string(status));
        for (uint32_t k = u->duration ? u->duration[i] : 1; k > 0; k--)
            if (!feature_writer_frames(d->writer, d->vector, 1, failure)) return false;
    }
    return true;
}

static bool decode_utterance(struct decoding *d, const struct utterance_units *u,
                             const char *place, struct failure *failure)
{
    char *name;
    if (!check_units(d, u, place, failure) || !unit_names_choose(&d->names, u, &name, failure))
        return false;
    if (u->cut) messages_warn(d->messages,
                              "%s: the stream was cut short, it has no end record", place);
    if (u->n_gap > 0 && !d->told_gaps)
        messages_note(d->messages,
                      "%s: vectors cannot express gaps; the frames after a gap follow those before "
                      "it", place);
    d->told_gaps |= u->n_gap > 0;
    bool good = feature_writer_begin(d->writer, name, failure) && write_vectors(d, u, failure) &&
                feature_writer_end(d->writer, failure);
    free(name);
    return good;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Options that apply to none of the inputs can be reported only once the last one is open. */
static bool decode_file(struct decoding *d, const char *input, bool is_last,
                        struct failure *failure)
{
    const struct decode_options *o = d->options;
    struct unit_reader_options options = {.npy_axes = (enum npy_axes)o->npy_axes,
                                          .durations_path = o->durations_file,
                                          .notes = convert_notes(d->messages)};
    struct unit_reader *reader;
    const struct utterance_units *u;
    if (o->from && !unit_format_find(o->from, &options.format, failure)) return false;
    unit_match_hop(&d->info, o->from ? options.format : unit_format_of_input(input),
                   &options.facts);
    if (!unit_reader_open(&reader, input, &options, failure)) return false;
    unit_names_begin(&d->names, input);
    unit_facets_add(&d->from, unit_reader_format(reader));
    bool good = !is_last || decode_fit_inputs(o, &d->from, failure);
    while (good && (good = unit_reader_next(reader, &u, failure)) && u) {
        interruption_hold(&d->interruption);
        good = decode_utterance(d, u, unit_reader_place(reader), failure);
        interruption_release(&d->interruption);
    }
    unit_reader_close(reader);
    return good;
}

static void abandon_output(void *context)
{
    struct decoding *d = context;
    feature_writer_abandon(d->writer, false);
    d->writer = NULL;
}

static bool decode_all(struct decoding *d, char **input, size_t n, struct failure *failure)
{
    if (!interruption_start(&d->interruption, abandon_output, d)) return fail_memory(failure);
    bool good = open_writer(d, n == 1, failure);
    for (size_t i = 0; i < n && good; i++) good = decode_file(d, input[i], i + 1 == n, failure);
    interruption_hold(&d->interruption);
    if (good) {
        good = feature_writer_commit(d->writer, failure);
        d->writer = NULL;
    }
    abandon_output(d);
    interruption_release(&d->interruption);
    interruption_stop(&d->interruption);
    return good;
}

static bool run(struct decoding *d, char **input, size_t n, struct failure *failure)
{
    if (n == 0)
        return fail(failure, EXIT_USAGE, "no input; name a file, see voq decode --help");
    return open_model(d, failure) && guard_files(d, input, n, failure) &&
           unit_names_open(&d->names, d->options->tsv, d->messages, failure) &&
           decode_all(d, input, n, failure);
}

int command_decode(int argc, char **argv, struct messages *messages)
{
    struct decode_options options = {.output = "-"};
    struct decoding decoding = {.options = &options, .messages = messages};
    struct failure failure = {0};
    char **operand;
    size_t n_operand;
    switch (options_parse(&decode_option_table, argc, argv, &options, &operand, &n_operand,
                          &failure)) {
    case OPTIONS_DONE: return EXIT_FINE;
    case OPTIONS_FAILED: return messages_failure(messages, &failure);
    case OPTIONS_RUN: break;
    }
    messages->quiet = options.quiet;
    bool good = run(&decoding, operand, n_operand, &failure);
    unit_names_close(&decoding.names);
    option_guard_free(&decoding.guard);
    voq_model_close(decoding.model);
    reconstruction_close(&decoding.reconstruction);
    free(decoding.vector);
    options_free(&decode_option_table, &options);
    return good ? EXIT_FINE : messages_failure(messages, &failure);
}

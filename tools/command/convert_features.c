/* SPDX-License-Identifier: MIT */
#include "tools/command/convert.h"
#include "tools/cli/interruption.h"
#include "tools/formats/feature_reader.h"
#include "tools/formats/feature_writer.h"

#include <stdlib.h>

enum { BLOCK_VALUES = 1 << 16 };

struct feature_conversion {
    const struct convert_options *options;
    const struct feature_format *from; /* NULL: by suffix and content */
    const struct feature_format *to;
    struct feature_writer *writer; /* opened once the first frame shows the dimension */
    float *x;                      /* [BLOCK_VALUES], or one frame if that is longer */
    uint32_t dim;
    bool one_input;
    struct option_guard *guard;
    struct messages *messages;
    struct interruption interruption;
};

static bool open_writer(struct feature_conversion *c, uint32_t dim, struct failure *failure)
{
    const struct convert_options *o = c->options;
    const struct feature_writer_options writer = {
        .format = c->to,
        .path = o->output,
        .one_input = c->one_input,
        .dim = dim,
        .text = o->text,
        .scp_path = o->scp,
        .split = o->split,
        .rank = o->rank,
        .n_shard = o->n_shard,
        .name_escape = o->name_escape,
        .name_folders = !o->name_escape,
        .notes = convert_notes(c->messages),
        .guard = {option_guard_allows, c->guard},
    };
    c->dim = dim;
    c->x = malloc((dim > BLOCK_VALUES ? dim : BLOCK_VALUES) * sizeof *c->x);
    if (!c->x) return fail_memory(failure);
    return feature_writer_open(&c->writer, &writer, failure);
}

/* An utterance without frames may have no dimension; it then gets that of the other utterances. */
static bool match_dim(struct feature_conversion *c, const struct feature_utterance *u,
                      struct failure *failure)
{
    if (!c->writer && u->dim == 0)
        return fail(failure, EXIT_INPUT,
                    "%s: the first utterance has no frames, so the dimension is unknown; remove it "
                    "or put another one first", u->name);
    if (!c->writer) return open_writer(c, u->dim, failure);
    return u->dim == 0 || u->dim == c->dim ||
           fail(failure, EXIT_INPUT,
                "%s: vectors of %u dimensions after vectors of %u; convert them "
                "separately", u->name, u->dim,
                c->dim);
}

static bool begin_utterance(struct feature_conversion *c, const struct feature_utterance *u,
                            struct failure *failure)
{
    interruption_hold(&c->interruption);
    bool ok = match_dim(c, u, failure) && feature_writer_begin(c->writer, u->name, failure);
    interruption_release(&c->interruption);
    return ok;
}

static bool end_utterance(struct feature_conversion *c, struct failure *failure)
{
    interruption_hold(&c->interruption);
    bool ok = feature_writer_end(c->writer, failure);
    interruption_release(&c->interruption);
    return ok;
}

static bool copy_frames(struct feature_conversion *c, struct feature_reader *reader,
                        struct failure *failure)
{
    size_t n = c->dim > BLOCK_VALUES ? 1 : BLOCK_VALUES / c->dim, n_read = 1;
    bool ok = true;
    while (ok && n_read > 0) {
        if (!feature_reader_read(reader, c->x, n, &n_read, failure)) return false;
        interruption_hold(&c->interruption);
        ok = feature_writer_frames(c->writer, c->x, n_read, failure);
        interruption_release(&c->interruption);
    }
    return ok;
}

static bool convert_file(struct feature_conversion *c, const char *input, struct failure *failure)
{
    struct feature_reader_options options = {.tsv_path = c->options->tsv,
                                             .notes = convert_notes(c->messages)};
    struct feature_reader *reader;
    const struct feature_utterance *u;
    options.format = c->from;
    if (!feature_reader_open(&reader, input, &options, failure)) return false;
    bool ok = true;
    while (ok && (ok = feature_reader_next(reader, &u, failure)) && u)
        ok = begin_utterance(c, u, failure) && copy_frames(c, reader, failure) &&
             end_utterance(c, failure);
    feature_reader_close(reader);
    return ok;
}

static bool choose_formats(struct feature_conversion *c, struct failure *failure)
{
    const struct convert_options *o = c->options;
    if (o->from && !feature_format_find(o->from, &c->from, failure)) return false;
    c->to = feature_format_of_path(o->output);
    if (!c->to) c->to = feature_format_at(0);
    return (!o->format || feature_format_find(o->format, &c->to, failure)) &&
           convert_fit_features(o, c->from, c->to, failure);
}

static bool finish_output(struct feature_conversion *c, const char *input, struct failure *failure)
{
    if (!c->writer) return fail(failure, EXIT_INPUT, "%s: contains no utterance", input);
    bool ok = feature_writer_commit(c->writer, failure);
    c->writer = NULL;
    return ok;
}

static void abandon_output(void *context)
{
    struct feature_conversion *c = context;
    feature_writer_abandon(c->writer, false);
    c->writer = NULL;
}

bool convert_features(const struct convert_options *options, char **input, size_t n,
                      struct option_guard *guard, struct messages *messages,
                      struct failure *failure)
{
    struct feature_conversion c = {.options = options, .one_input = n == 1, .guard = guard,
                                   .messages = messages};
    if (!interruption_start(&c.interruption, abandon_output, &c)) return fail_memory(failure);
    bool ok = choose_formats(&c, failure);
    for (size_t i = 0; i < n && ok; i++) ok = convert_file(&c, input[i], failure);
    interruption_hold(&c.interruption);
    ok = ok && finish_output(&c, input[0], failure);
    abandon_output(&c);
    interruption_release(&c.interruption);
    interruption_stop(&c.interruption);
    free(c.x);
    return ok;
}

/* SPDX-License-Identifier: MIT */
#include "tools/formats/feature_writer.h"

#include "tools/formats/feature_ops.h"

#include <math.h>
#include <stdlib.h>

unsigned feature_format_writer_options(const struct feature_format *format)
{
    return format->writer->options;
}

bool feature_writer_open(struct feature_writer **out,
                         const struct feature_writer_options *options, struct failure *failure)
{
    struct feature_writer *w = calloc(1, sizeof *w);
    if (!w) return fail_memory(failure);
    const struct feature_format *format = options->format;
    w->options = *options;
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
    bool ok = format->writer->open ? format->writer->open(w, failure)
                                   : outputs_open_first(&w->out, failure);
    if (!ok) {
        feature_writer_abandon(w, options->resume != NULL);
        return false;
    }
    *out = w;
    return true;
}

bool feature_writer_begin(struct feature_writer *w, const char *name, struct failure *failure)
{
    const struct feature_writer_ops *ops = w->options.format->writer;
    if (!outputs_begin(&w->out, name, failure)) return false;
    w->n_frame = 0;
    return (!ops->begin || ops->begin(w, failure)) && outputs_check(&w->out, failure);
}

static bool check_finite(const struct feature_writer *w, const float *x, size_t n,
                         struct failure *failure)
{
    size_t dim = w->options.dim;
    for (size_t i = 0; i < n * dim; i++)
        if (!isfinite(x[i]))
            return fail(failure, EXIT_INPUT, "%s: not a finite number at frame %llu dim %zu",
                        w->out.name, (unsigned long long)(w->n_frame + i / dim), i % dim);
    return true;
}

bool feature_writer_frames(struct feature_writer *w, const float *x, size_t n,
                           struct failure *failure)
{
    if (!check_finite(w, x, n, failure)) return false;
    w->options.format->writer->frames(w, x, n);
    w->n_frame += n;
    return outputs_check(&w->out, failure);
}

bool feature_writer_end(struct feature_writer *w, struct failure *failure)
{
    if (!w->options.format->writer->end(w, failure)) {
        outputs_take_back(&w->out);
        return false;
    }
    w->n_total += w->n_frame;
    return outputs_end(&w->out, failure);
}

bool feature_writer_drop(struct feature_writer *w, struct failure *failure)
{
    if (!outputs_take_back(&w->out)) return feature_writer_end(w, failure);
    return outputs_check(&w->out, failure);
}

bool feature_writer_mark(struct feature_writer *w, struct sink_mark *mark, struct failure *failure)
{
    return outputs_mark(&w->out, mark, FEATURE_WRITER_FILES, failure);
}

bool feature_writer_has(const struct feature_writer *w, const char *name,
                        const struct sink_mark *mark)
{
    return outputs_has(&w->out, name, mark);
}

bool feature_writer_commit(struct feature_writer *w, struct failure *failure)
{
    bool ok = outputs_commit(&w->out, failure);
    feature_writer_abandon(w, false);
    return ok;
}

void feature_writer_abandon(struct feature_writer *w, bool keep)
{
    if (!w) return;
    outputs_close(&w->out, keep);
    free(w);
}

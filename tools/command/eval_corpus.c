/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_sources.h"

#include "tools/base/parallel.h"
#include "tools/cli/model_lookup.h"
#include "tools/corpus/corpus.h"
#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

static void say_failed(void *context, const struct failure *why)
{
    struct eval_sources *s = context;
    s->n_failed++;
    messages_error(s->messages, "%s", why->text);
}

static void say_notes(void *context, const char *notes)
{
    const struct eval_sources *s = context;
    messages_warn(s->messages, "%s", notes);
}

static void say_not_finite(void *context, const char *path, uint64_t n)
{
    const struct eval_sources *s = context;
    messages_not_finite(s->messages, path, n);
}

bool eval_corpus_open(struct eval_sources *s, const struct eval_options *options,
                      struct failure *failure)
{
    const struct corpus_options corpus = {
        .suffixes = s->has_vectors ? CORPUS_SUFFIXES_VECTORS : CORPUS_SUFFIXES_AUDIO,
        .speakers = options->speakers,
        .fixed = true};
    const char *const *argument = (const char *const *)s->operands.operand + s->operands.n_model;
    size_t n = s->operands.n_corpus;
    if (!corpus_open(&s->corpus, argument, n, &corpus, failure)) return false;
    for (size_t m = 0; m < s->operands.n_model; m++)
        if (!option_guard_reads(&s->guard, s->path[m], failure)) return false;
    if (!option_guard_corpus(&s->guard, s->corpus, argument, n, failure)) return false;
    for (size_t i = 0; i < corpus_n_warning(s->corpus); i++)
        messages_warn(s->messages, "%s", corpus_warning(s->corpus, i));
    for (size_t i = 0; options->robustness && i < corpus_size(s->corpus); i++)
        if (corpus_get(s->corpus, i)->kind == CORPUS_VECTORS)
            return fail(failure, EXIT_USAGE, "%s: contains vectors, but --robustness needs audio",
                        corpus_get(s->corpus, i)->path);
    return true;
}

static bool open_model(struct eval_sources *s, const struct eval_options *options, size_t m,
                       struct failure *failure)
{
    char path[4096];
    voq_info info = {.struct_size = sizeof info};
    if (!model_open(s->operands.operand[m], options->cpu, &s->model[m], path, sizeof path,
                    failure))
        return false;
    s->path[m] = strdup(path);
    if (!s->path[m]) return fail_memory(failure);
    s->name[m] = s->path[m];
    if (voq_model_describe(s->model[m], &info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "%s: the model cannot be described", path);
    s->has_vectors = s->has_vectors || !info.rate_hz;
    return true;
}

bool eval_models_open(struct eval_sources *s, const struct eval_options *options,
                      struct failure *failure)
{
    size_t n = s->operands.n_model;
    s->quantizer_error = zeroed(n, sizeof *s->quantizer_error, failure);
    s->model = zeroed(n, sizeof *s->model, failure);
    s->path = zeroed(n, sizeof *s->path, failure);
    if (!s->quantizer_error || !s->model || !s->path) return false;
    for (size_t m = 0; m < n; m++)
        if (!open_model(s, options, m, failure)) return false;
    return true;
}

/* A shard encodes its own utterances, and those whose items ABX compares with any other. */
static void leave_others_out(struct eval_sources *s, const struct shard *part)
{
    size_t n = corpus_size(s->corpus), begin, end;
    shard_span(part, n, &begin, &end);
    for (size_t i = 0; i < n; i++) {
        bool has_items = s->has_items && name_index_find(&s->items.files,
                                                         corpus_get(s->corpus, i)->name) != NO_NAME;
        s->encoding.left_out[i] = (i < begin || i >= end) && !has_items;
    }
}

static bool divide(struct eval_sources *s, const struct eval_options *options,
                   struct failure *failure)
{
    size_t n = corpus_size(s->corpus) * s->operands.n_model;
    if (!options->part.n) return true;
    leave_others_out(s, &options->part);
    s->sums = zeroed(n, sizeof *s->sums, failure);
    return s->sums != NULL;
}

bool eval_corpus_encode(struct eval_sources *s, const struct eval_options *options,
                        struct failure *failure)
{
    bool keep_features = s->has_items && !options->features;
    s->encoding = (struct corpus_encoding){
        .model = (const voq_model *const *)s->model, .n_model = s->operands.n_model,
        .corpus = s->corpus, .items = keep_features ? &s->items : NULL,
        .hop_samples = options->hop, .rate_hz = options->rate,
        .left_out = zeroed(corpus_size(s->corpus), sizeof *s->encoding.left_out, failure),
        .n_thread = parallel_jobs(options->jobs), .strict = options->strict,
        .failed = say_failed, .not_finite = say_not_finite,
        .noted = say_notes, .context = s};
    if (!s->encoding.left_out || !divide(s, options, failure)) return false;
    const struct corpus_products products = {s->units, s->features, s->quantizer_error, s->sums};
    return corpus_units(&s->encoding, &products, failure);
}

void eval_corpus_close(struct eval_sources *s)
{
    for (size_t i = 0; s->sums && i < corpus_size(s->corpus) * s->operands.n_model; i++)
        quantizer_sums_clear(&s->sums[i]);
    free(s->sums);
    corpus_close(s->corpus);
    free(s->encoding.left_out);
    for (size_t m = 0; s->model && s->path && m < s->operands.n_model; m++) {
        voq_model_close(s->model[m]);
        free(s->path[m]);
    }
    free(s->model);
    free(s->path);
    free(s->quantizer_error);
}

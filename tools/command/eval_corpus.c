/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_sources.h"

#include "tools/base/parallel.h"
#include "tools/command/model_lookup.h"
#include "tools/corpus/corpus.h"

static void say_failed(void *context, const struct failure *why)
{
    struct eval_sources *s = context;
    s->n_failed++;
    messages_error(s->messages, "%s", why->text);
}

static void say_not_finite(void *context, const char *path, uint64_t n)
{
    const struct eval_sources *s = context;
    messages_not_finite(s->messages, path, n);
}

static bool open_corpus(struct eval_sources *s, const struct eval_options *options, char **argument,
                        size_t n_argument, struct failure *failure)
{
    const struct corpus_options corpus = {.speakers = options->speakers};
    if (!corpus_open(&s->corpus, (const char *const *)argument, n_argument, &corpus, failure))
        return false;
    for (size_t i = 0; i < corpus_n_warning(s->corpus); i++)
        messages_warn(s->messages, "%s", corpus_warning(s->corpus, i));
    for (size_t i = 0; options->robustness && i < corpus_size(s->corpus); i++)
        if (corpus_get(s->corpus, i)->kind == CORPUS_VECTORS)
            return fail(failure, EXIT_USAGE, "%s: vectors; --robustness changes audio",
                        corpus_get(s->corpus, i)->path);
    return true;
}

bool eval_corpus_encode(struct eval_sources *s, const struct eval_options *options, char **operand,
                        size_t n_operand, struct failure *failure)
{
    bool keep_features = s->has_items && !options->features;
    if (!model_open(operand[0], options->cpu, &s->model, s->model_path, sizeof s->model_path,
                    failure) ||
        !open_corpus(s, options, operand + 1, n_operand - 1, failure) ||
        !option_guard_reads(&s->guard, s->model_path, failure) ||
        !option_guard_corpus(&s->guard, s->corpus, (const char *const *)operand + 1,
                             n_operand - 1, failure) ||
        !option_guard_check(&s->guard, failure))
        return false;
    s->encoding = (struct corpus_encoding){
        .model = s->model, .corpus = s->corpus, .items = keep_features ? &s->items : NULL,
        .hop_samples = options->hop ? options->hop : UNIT_HOP_DEFAULT,
        .rate_hz = options->rate ? options->rate : UNIT_RATE_DEFAULT,
        .n_thread = parallel_jobs(options->jobs), .strict = options->strict,
        .failed = say_failed, .not_finite = say_not_finite, .context = s};
    s->units_name = s->model_path;
    s->has_quantizer_error = true;
    return corpus_units(&s->encoding, &s->units, &s->features, &s->quantizer_error, failure);
}

void eval_corpus_close(struct eval_sources *s)
{
    corpus_close(s->corpus);
    voq_model_close(s->model);
}

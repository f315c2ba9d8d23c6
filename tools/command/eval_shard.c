/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_shard.h"

#include "tools/base/json.h"
#include "tools/base/json_writer.h"
#include "tools/base/output_file.h"
#include "tools/base/parallel.h"
#include "tools/corpus/corpus.h"
#include "tools/eval/abx_scores.h"
#include "tools/eval/resampling.h"
#include "tools/learn/decoder.h"

#include <stdlib.h>

struct writing {
    const struct eval_options *options;
    const struct eval_sources *sources;
    struct json_writer json;
    uint64_t n_line;
    size_t subject;
    const char *of; /* what ABX compares: "units", "features" */
};

bool eval_shard_parse(struct eval_options *options, const char **variable,
                      struct failure *failure)
{
    *variable = NULL;
    return !options->shard ||
           shard_parse(options->shard, &options->part, variable, failure);
}

static void begin_line(struct writing *w)
{
    w->n_line++;
    json_open(&w->json, NULL, '{');
    w->json.has_entry = false;
}

static void end_line(struct writing *w)
{
    json_close(&w->json, '}');
    w->json.has_entry = false;
}

/* ---- units ----------------------------------------------------------------------------------- */

static bool write_name(struct json_writer *json, const char *key, const char *name,
                       struct failure *failure)
{
    if (name && !json_is_utf8(name))
        return fail(failure, EXIT_INPUT, "%s: the name is not UTF-8, which --shard needs; rename "
                    "it", name);
    json_text(json, key, name);
    return true;
}

static void write_sums(struct json_writer *json, const struct quantizer_sums *sums, uint32_t dim)
{
    json_open(json, "sums", '[');
    json_count(json, NULL, sums->frames);
    json_number(json, NULL, sums->squared_error);
    for (uint32_t k = 0; k < dim; k++) json_number(json, NULL, sums->sum[k]);
    for (uint32_t k = 0; k < dim; k++) json_number(json, NULL, sums->squares[k]);
    json_close(json, ']');
}

static bool write_utterance(struct writing *w, size_t subject, const struct unit_utterance *u,
                            const struct quantizer_sums *sums, uint32_t dim,
                            struct failure *failure)
{
    struct json_writer *json = &w->json;
    size_t n = u->n_frame * w->sources->units[subject].n_codebook;
    begin_line(w);
    if (!write_name(json, "utt", u->name, failure) ||
        !write_name(json, "speaker", u->speaker, failure))
        return false;
    json_count(json, "subject", subject);
    json_open(json, "ids", '[');
    for (size_t k = 0; k < n; k++)
        if (u->id[k] == NO_UNIT)
            json_null(json, NULL);
        else
            json_count(json, NULL, u->id[k]);
    json_close(json, ']');
    if (sums) write_sums(json, sums, dim);
    end_line(w);
    return true;
}

static bool write_encoded(struct writing *w, size_t m, size_t begin, size_t end,
                          struct failure *failure)
{
    const struct eval_sources *s = w->sources;
    size_t n = corpus_size(s->corpus);
    voq_info info = {.struct_size = sizeof info};
    if (voq_model_describe(s->model[m], &info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    for (size_t i = begin; i < end; i++) {
        const struct unit_utterance *u =
            s->encoding.left_out[i] ? NULL
                                    : unit_set_find(&s->units[m], corpus_get(s->corpus, i)->name);
        if (u && !write_utterance(w, m, u, &s->sums[m * n + i], info.dim, failure)) return false;
    }
    return true;
}

static size_t count_failures(const struct eval_sources *s, size_t begin, size_t end)
{
    size_t n = 0;
    for (size_t i = begin; s->model && i < end; i++) n += s->encoding.left_out[i];
    return n;
}

static bool write_units(struct writing *w, struct failure *failure)
{
    const struct eval_sources *s = w->sources;
    size_t total = s->model ? corpus_size(s->corpus) : s->units[0].n_utterance, begin, end;
    shard_span(&w->options->part, total, &begin, &end);
    begin_line(w);
    json_count(&w->json, "shard", w->options->part.rank);
    json_count(&w->json, "first", begin);
    json_count(&w->json, "utterances", end - begin);
    json_count(&w->json, "failures", count_failures(s, begin, end));
    end_line(w);
    w->n_line++;
    if (!eval_run_write(w->json.file, w->options, s, total, failure)) return false;
    for (size_t m = 0; s->model && m < s->n_subject; m++)
        if (!write_encoded(w, m, begin, end, failure)) return false;
    for (size_t i = begin; !s->model && i < end; i++)
        if (!write_utterance(w, 0, &s->units[0].utterance[i], NULL, 0, failure)) return false;
    return true;
}

/* ---- ABX ------------------------------------------------------------------------------------- */

static void write_cells(struct json_writer *json, const struct abx_cells *cells, size_t share)
{
    uint32_t n_phone = cells->outcomes.n_phone;
    json_open(json, "cells", '[');
    for (uint32_t b = 0; b < n_phone; b++) {
        size_t slot = share * n_phone + b;
        if (!cells->errors.n[slot]) continue;
        json_count(json, NULL, b);
        json_number(json, NULL, cells->errors.sum[slot]);
        json_count(json, NULL, cells->errors.n[slot]);
    }
    json_close(json, ']');
}

/* A token is the number of its name, then 2 (b + 1) + is_tie, where b + 1 is 0 for a token a. */
static void write_token(struct json_writer *json, const struct outcome_token *token)
{
    uint64_t b = token->b == OUTCOME_A ? 0 : (uint64_t)token->b + 1;
    json_count(json, NULL, token->utterance);
    json_count(json, NULL, 2 * b + token->is_tie);
}

static void write_x(struct writing *w, const struct share_outcomes *s, const struct outcome_x *x)
{
    begin_line(w);
    json_count(&w->json, "x", x->utterance);
    json_open(&w->json, "tokens", '[');
    for (size_t i = x->first; i < x->end; i++) write_token(&w->json, &s->token[i]);
    json_close(&w->json, ']');
    end_line(w);
}

static void write_outcomes(struct writing *w, const struct share_outcomes *s)
{
    for (size_t g = 0; g < s->n_group; g++) {
        const struct outcome_group *group = &s->group[g];
        begin_line(w);
        json_open(&w->json, "b", '[');
        for (size_t i = group->first_b; i < group->end_b; i++)
            json_count(&w->json, NULL, s->b[i]);
        json_close(&w->json, ']');
        end_line(w);
        for (size_t i = group->first_x; i < group->end_x; i++) write_x(w, s, &s->x[i]);
    }
}

static bool write_measure(void *context, enum abx_measure measure, const struct abx_cells *cells,
                          struct failure *failure)
{
    struct writing *w = context;
    const struct shard *part = &w->options->part;
    (void)failure;
    for (size_t i = part->rank; i < cells->outcomes.n_share; i += part->n) {
        begin_line(w);
        json_count(&w->json, "abx", (uint64_t)measure);
        json_text(&w->json, "of", w->of);
        json_count(&w->json, "subject", w->subject);
        json_count(&w->json, "share", i);
        json_count(&w->json, "shares", cells->outcomes.n_share);
        json_count(&w->json, "phone", cells->outcomes.share[i].phone);
        json_count(&w->json, "phones", cells->outcomes.n_phone);
        json_truth(&w->json, "outcomes", cells->has_outcomes);
        write_cells(&w->json, cells, i);
        end_line(w);
        if (cells->has_outcomes) write_outcomes(w, &cells->outcomes.share[i]);
    }
    return true;
}

static void write_scores(struct writing *w, const struct abx_scores *scores)
{
    begin_line(w);
    json_text(&w->json, "scores", w->of);
    json_count(&w->json, "subject", w->subject);
    json_count(&w->json, "items", scores->items);
    json_count(&w->json, "skipped", scores->skipped);
    end_line(w);
}

static void write_names(struct writing *w, const struct name_index *names)
{
    begin_line(w);
    json_open(&w->json, "names", '[');
    for (uint32_t i = 0; i < names->n; i++) json_text(&w->json, NULL, names->name[i]);
    json_close(&w->json, ']');
    end_line(w);
}

static bool score(struct writing *w, const struct name_index *names, struct failure *failure)
{
    const struct eval_options *o = w->options;
    const struct eval_sources *s = w->sources;
    const struct unit_set *units = &s->units[w->subject];
    const struct feature_set *features = &s->features[w->subject];
    struct abx_outcomes outcomes[2] = {0};
    struct abx_scores scores;
    const struct abx_options abx = {
        .any_context = o->any_context, .max_size = o->max_size, .max_x = o->max_x,
        .distance = (enum frame_distance)o->distance, .n_thread = parallel_jobs(o->jobs),
        .utterances = o->bootstrap ? names : NULL, .outcomes = outcomes,
        .rank = o->part.rank, .n_rank = o->part.n, .cells = write_measure, .cells_context = w};
    w->of = "units";
    bool good = abx_of_units(&s->items, units, &abx, &scores, failure);
    for (int i = 0; i < 2; i++) outcomes_clear(&outcomes[i]);
    if (good) write_scores(w, &scores);
    if (!good || !features->names.n) return good;
    w->of = "features";
    good = abx_of_features(&s->items, features, units->hop_samples, units->rate_hz, &abx, &scores,
                           failure);
    for (int i = 0; i < 2; i++) outcomes_clear(&outcomes[i]);
    if (good) write_scores(w, &scores);
    return good;
}

static bool write_abx(struct writing *w, struct failure *failure)
{
    const struct eval_sources *s = w->sources;
    struct resampling resampling = {0};
    if (!s->has_items) return true;
    bool good = resampling_make(&resampling, &s->units[0], &s->features[0], NULL, &s->items,
                                failure);
    if (good) write_names(w, &resampling.utterances);
    for (w->subject = 0; good && w->subject < s->n_subject; w->subject++)
        good = score(w, &resampling.utterances, failure);
    resampling_clear(&resampling);
    return good;
}

/* ---- the shard ------------------------------------------------------------------------------- */

static bool check_models(const struct eval_sources *s, struct failure *failure)
{
    for (size_t m = 0; s->model && m < s->n_subject; m++)
        if (decoder_exists(s->model[m]))
            return fail(failure, EXIT_USAGE,
                        "%s: has a decoder, whose error cannot be measured in shards; leave out "
                        "--shard", s->name[m]);
    return true;
}

bool eval_shard_write(const struct eval_options *options, const struct eval_sources *sources,
                      struct failure *failure)
{
    struct output_file *out;
    struct writing w = {.options = options, .sources = sources};
    if (!check_models(sources, failure) ||
        !output_file_open_shared(&out, options->output, failure))
        return false;
    w.json = (struct json_writer){.file = output_file_stream(out), .layout = JSON_COMPACT};
    if (!write_units(&w, failure) || !write_abx(&w, failure)) {
        output_file_abandon(out);
        return false;
    }
    uint64_t n_line = w.n_line;
    begin_line(&w);
    json_count(&w.json, "end", n_line);
    end_line(&w);
    return output_file_commit(out, failure);
}

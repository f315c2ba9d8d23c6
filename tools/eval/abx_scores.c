/* SPDX-License-Identifier: MIT */
#include "tools/eval/abx_scores.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Tokens of the items, without those that have no frames or lost frames. */
struct tokens {
    struct abx_token *token;
    size_t n;
};

static bool has_lost(const uint32_t *unit, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (unit[i] == NO_UNIT) return true;
    return false;
}

static void add_token(struct tokens *tokens, const struct item *item, struct frames series,
                      size_t dim, uint32_t utterance, uint32_t hop_samples, uint32_t rate_hz)
{
    size_t first, end;
    item_frames(item, hop_samples, rate_hz, series.n, &first, &end);
    if (first == end || (series.unit && has_lost(series.unit + first, end - first))) return;
    tokens->token[tokens->n++] = (struct abx_token){
        .frames = {.vector = series.vector ? series.vector + first * dim : NULL,
                   .unit = series.unit ? series.unit + first : NULL,
                   .n = end - first},
        .context = item->context,
        .phone = item->phone,
        .speaker = item->speaker,
        .utterance = utterance,
    };
}

/* Receives the progress and the cells of a task. */
struct listener {
    const struct abx_options *options;
    enum abx_measure measure;
    char what[64];
};

static void tell(void *context, uint64_t done, uint64_t n)
{
    const struct listener *listener = context;
    listener->options->progress(listener->options->context, listener->what, done, n);
}

static bool pass_cells(void *context, const struct abx_cells *cells, struct failure *failure)
{
    const struct listener *listener = context;
    return listener->options->cells(listener->options->cells_context, listener->measure, cells,
                                    failure);
}

static bool run(struct abx_task *task, enum abx_measure measure,
                const struct abx_options *options, struct abx_outcomes *outcomes, double *error,
                struct failure *failure)
{
    struct listener listener = {.options = options, .measure = measure};
    task->across_speaker = measure == ABX_ACROSS || measure == ABX_ACROSS_ANY_CONTEXT;
    task->any_context = measure == ABX_ACROSS_ANY_CONTEXT || measure == ABX_WITHIN_ANY_CONTEXT;
    snprintf(listener.what, sizeof listener.what, "ABX of %s, %s speakers%s",
             task->distance == DISTANCE_IDENTICAL ? "units" : "features",
             task->across_speaker ? "across" : "within",
             task->any_context ? ", any context" : "");
    task->outcomes = outcomes;
    task->progress = options->progress ? tell : NULL;
    task->context = &listener;
    task->cells = options->cells ? pass_cells : NULL;
    task->cells_context = &listener;
    return abx_error(task, error, failure);
}

static bool score(const struct item_list *items, struct tokens *tokens, size_t dim,
                  enum frame_distance distance, const struct abx_options *options,
                  struct abx_scores *scores, struct failure *failure)
{
    struct abx_scores s = {.items = tokens->n, .skipped = items->n - tokens->n,
                           .distance = distance, .max_size = options->max_size,
                           .max_x = options->max_x, .has_any_context = options->any_context,
                           .within_speaker_any_context = (double)NAN,
                           .across_speaker_any_context = (double)NAN};
    struct abx_task task = {.token = tokens->token, .n_token = tokens->n, .dim = dim,
                            .distance = distance, .max_size = options->max_size,
                            .max_x = options->max_x, .n_thread = options->n_thread,
                            .rank = options->rank, .n_rank = options->n_rank};
    struct abx_outcomes *outcomes = options->utterances ? options->outcomes : NULL;
    bool good = run(&task, ABX_WITHIN, options, outcomes, &s.within_speaker_within_context,
                    failure) &&
                run(&task, ABX_ACROSS, options, outcomes ? outcomes + 1 : NULL,
                    &s.across_speaker_within_context, failure);
    if (options->any_context)
        good = good &&
               run(&task, ABX_ACROSS_ANY_CONTEXT, options, NULL, &s.across_speaker_any_context,
                   failure) &&
               run(&task, ABX_WITHIN_ANY_CONTEXT, options, NULL, &s.within_speaker_any_context,
                   failure);
    *scores = s;
    return good;
}

/* The number of an utterance in outcomes; 0 without outcomes. */
static uint32_t number_of(const struct abx_options *options, const char *name)
{
    return options->utterances ? name_index_find(options->utterances, name) : 0;
}

bool abx_of_units(const struct item_list *items, const struct unit_set *units,
                  const struct abx_options *options, struct abx_scores *scores,
                  struct failure *failure)
{
    struct tokens tokens = {zeroed(items->n, sizeof *tokens.token, failure), 0};
    if (!tokens.token) return false;
    for (size_t i = 0; i < items->n; i++) {
        const char *name = items->files.name[items->item[i].file];
        const struct unit_utterance *u = unit_set_find(units, name);
        if (!u) continue;
        struct frames series = {.unit = u->symbol, .n = u->n_frame};
        add_token(&tokens, &items->item[i], series, 1, number_of(options, name),
                  units->hop_samples, units->rate_hz);
    }
    bool good = score(items, &tokens, 1, DISTANCE_IDENTICAL, options, scores, failure);
    free(tokens.token);
    return good;
}

static bool check_all(const struct feature_set *features, enum frame_distance distance,
                      struct failure *failure)
{
    for (uint32_t i = 0; i < features->names.n; i++) {
        struct frames frames = {.vector = features->series[i].frame,
                                .n = features->series[i].n_frame};
        if (!check_frames(&frames, features->dim, distance, features->names.name[i], failure))
            return false;
    }
    return true;
}

bool abx_of_features(const struct item_list *items, const struct feature_set *features,
                     uint32_t hop_samples, uint32_t rate_hz, const struct abx_options *options,
                     struct abx_scores *scores, struct failure *failure)
{
    if (!check_all(features, options->distance, failure)) return false;
    struct tokens tokens = {zeroed(items->n, sizeof *tokens.token, failure), 0};
    if (!tokens.token) return false;
    for (size_t i = 0; i < items->n; i++) {
        const char *name = items->files.name[items->item[i].file];
        const struct feature_series *series = feature_set_find(features, name);
        if (!series) continue;
        struct frames frames = {.vector = series->frame, .n = series->n_frame};
        add_token(&tokens, &items->item[i], frames, features->dim, number_of(options, name),
                  hop_samples, rate_hz);
    }
    bool good = score(items, &tokens, features->dim, options->distance, options, scores, failure);
    free(tokens.token);
    return good;
}

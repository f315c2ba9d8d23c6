/* SPDX-License-Identifier: MIT */
#include "tools/eval/abx_scores.h"

#include "tools/base/growing.h"
#include "tools/eval/abx.h"

#include <math.h>
#include <stdlib.h>

/* Tokens of the items, those without frames, or with lost ones, left out. */
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
                      size_t dim, uint32_t hop_samples, uint32_t rate_hz)
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
    };
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
                            .max_x = options->max_x, .n_thread = options->n_thread};
    bool good = abx_error(&task, &s.within_speaker_within_context, failure);
    task.across_speaker = true;
    good = good && abx_error(&task, &s.across_speaker_within_context, failure);
    task.any_context = true;
    if (options->any_context) {
        good = good && abx_error(&task, &s.across_speaker_any_context, failure);
        task.across_speaker = false;
        good = good && abx_error(&task, &s.within_speaker_any_context, failure);
    }
    *scores = s;
    return good;
}

bool abx_of_units(const struct item_list *items, const struct unit_set *units,
                  const struct abx_options *options, struct abx_scores *scores,
                  struct failure *failure)
{
    struct tokens tokens = {zeroed(items->n, sizeof *tokens.token, failure), 0};
    if (!tokens.token) return false;
    for (size_t i = 0; i < items->n; i++) {
        const struct unit_utterance *u =
            unit_set_find(units, items->files.name[items->item[i].file]);
        if (!u) continue;
        struct frames series = {.unit = u->symbol, .n = u->n_frame};
        add_token(&tokens, &items->item[i], series, 1, units->hop_samples, units->rate_hz);
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
        const struct feature_series *series =
            feature_set_find(features, items->files.name[items->item[i].file]);
        if (!series) continue;
        struct frames frames = {.vector = series->frame, .n = series->n_frame};
        add_token(&tokens, &items->item[i], frames, features->dim, hop_samples, rate_hz);
    }
    bool good = score(items, &tokens, features->dim, options->distance, options, scores, failure);
    free(tokens.token);
    return good;
}

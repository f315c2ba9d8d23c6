/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_measure.h"

#include "tools/base/parallel.h"
#include "tools/command/eval_reconstruction.h"
#include "tools/command/eval_stored.h"
#include "tools/cli/progress.h"
#include "tools/base/growing.h"
#include "tools/learn/decoder.h"

#include <stdlib.h>
#include <string.h>

/* ABX takes long, so the part that is running is shown. */
struct abx_progress {
    struct progress progress;
    struct messages *messages;
    char what[64]; /* empty: none yet */
    double done;
};

static void finish_part(struct abx_progress *p)
{
    if (p->what[0]) progress_finish(&p->progress, p->done, p->what);
}

static void show_abx(void *context, const char *what, uint64_t done, uint64_t n)
{
    struct abx_progress *p = context;
    if (strcmp(p->what, what) != 0) {
        finish_part(p);
        progress_start(&p->progress, p->messages, "distances/s");
        snprintf(p->what, sizeof p->what, "%s", what);
    }
    p->done = (double)done;
    progress_update(&p->progress, (double)done / (double)n, p->done, what);
}

static bool measure_features(const struct eval_sources *sources, size_t i,
                             const struct abx_options *abx, struct eval_results *results,
                             struct failure *failure)
{
    const struct unit_set *units = &sources->units[i];
    struct eval_details *details = &results->details[i];
    if (!sources->features[i].names.n) return true;
    if (!abx_of_features(&sources->items, &sources->features[i], units->hop_samples,
                         units->rate_hz, abx, &details->abx_features, failure))
        return false;
    results->evaluation[i].abx_features = &details->abx_features;
    return true;
}

/* With --merge: the shards measured ABX. */
static bool take_stored(const struct eval_options *options, const struct eval_sources *sources,
                        size_t i, struct eval_results *results, struct failure *failure)
{
    const struct eval_stored *stored = sources->stored;
    struct eval_details *details = &results->details[i];
    struct abx_outcomes *outcomes = details->evidence.abx;
    const struct abx_scores units = {.distance = DISTANCE_IDENTICAL,
                                     .max_size = options->max_size, .max_x = options->max_x,
                                     .has_any_context = options->any_context};
    const struct name_index *utterances = &results->resampling.utterances;
    details->abx = details->abx_features = units;
    details->abx_features.distance = (enum frame_distance)options->distance;
    results->evaluation[i].abx = &details->abx;
    if (!eval_stored_scores(&stored->units[i], &stored->names, utterances, &details->abx, outcomes,
                            failure))
        return false;
    if (!stored->features[i].is_known) return true;
    results->evaluation[i].abx_features = &details->abx_features;
    outcomes += BOOTSTRAP_FEATURES_WITHIN - BOOTSTRAP_ABX_WITHIN;
    return eval_stored_scores(&stored->features[i], &stored->names, utterances,
                              &details->abx_features, outcomes, failure);
}

static bool measure_abx(const struct eval_options *options, const struct eval_sources *sources,
                        size_t i, struct eval_results *results, struct failure *failure)
{
    struct eval_details *details = &results->details[i];
    struct abx_progress progress = {.messages = sources->messages};
    struct abx_options abx = {
        .any_context = options->any_context, .max_size = options->max_size,
        .max_x = options->max_x, .distance = (enum frame_distance)options->distance,
        .n_thread = parallel_jobs(options->jobs),
        .utterances = options->bootstrap ? &results->resampling.utterances : NULL,
        .outcomes = details->evidence.abx, .progress = show_abx, .context = &progress};
    if (!sources->has_items) return true;
    if (sources->stored) return take_stored(options, sources, i, results, failure);
    bool good = abx_of_units(&sources->items, &sources->units[i], &abx, &details->abx, failure);
    if (good) results->evaluation[i].abx = &details->abx;
    abx.outcomes = details->evidence.abx + (BOOTSTRAP_FEATURES_WITHIN - BOOTSTRAP_ABX_WITHIN);
    good = good && measure_features(sources, i, &abx, results, failure);
    finish_part(&progress);
    return good;
}

static void say_condition(void *context, size_t done, size_t n)
{
    char text[64];
    snprintf(text, sizeof text, "changed audio: %zu of %zu", done + 1, n);
    messages_status(context, text);
}

static bool measure_robustness(const struct eval_options *options,
                               const struct eval_sources *sources, size_t i,
                               struct eval_results *results, struct failure *failure)
{
    struct evaluation *e = &results->evaluation[i];
    struct corpus_encoding encoding = sources->encoding;
    struct samples *noise;
    struct audio_change *change = NULL;
    size_t n_noise, n_change = 0;
    if (!options->robustness) return true;
    if (!noises_read(options->robustness, e->units->rate_hz, &noise, &n_noise, failure))
        return false;
    encoding.model = &sources->encoding.model[i];
    encoding.n_model = 1;
    bool good = eval_options_changes(options, noise, n_noise, &change, &n_change, failure);
    const struct robustness_request request = {
        .encoding = &encoding, .clean = e, .change = change, .n_change = n_change,
        .progress = say_condition, .context = sources->messages};
    good = good && robustness_measure(&request, &results->details[i].robustness, failure);
    if (good) e->robustness = &results->details[i].robustness;
    messages_status(sources->messages, NULL);
    free(change);
    noises_free(noise, n_noise);
    return good;
}

static bool measure_changed(const struct eval_options *options, const struct eval_sources *sources,
                            size_t i, struct eval_results *results, struct failure *failure)
{
    struct edit_distance *ued = &results->details[i].ued;
    if (!options->changed) return true;
    if (!edit_distance_measure(&sources->units[i], &sources->changed, ued, failure)) return false;
    results->evaluation[i].ued = ued;
    return true;
}

static void say_missing_intervals(const struct eval_sources *sources,
                                  const struct eval_details *details)
{
    const struct evidence_abx {
        const struct abx_outcomes *outcomes;
        double error;
    } abx[] = {{&details->evidence.abx[0], details->abx.within_speaker_within_context},
               {&details->evidence.abx[1], details->abx.across_speaker_within_context}};
    for (size_t i = 0; i < sizeof abx / sizeof *abx; i++)
        if (sources->has_items && !abx[i].outcomes->n_share && abx[i].error == abx[i].error) {
            messages_note(sources->messages,
                          "ABX has too many triplets for an interval; reduce them by --max-size 10 "
                          "--max-x 5");
            return;
        }
}

static bool measure_intervals(const struct eval_options *options,
                              const struct eval_sources *sources, size_t i,
                              struct eval_results *results, struct failure *failure)
{
    struct eval_details *details = &results->details[i];
    struct evaluation *e = &results->evaluation[i];
    const struct resampling *resampling = &results->resampling;
    if (!options->bootstrap || !resampling->utterances.n) return true;
    say_missing_intervals(sources, details);
    if (e->phones &&
        !weighted_counts_make(&details->evidence.phones, e, resampling, failure))
        return false;
    if (!bootstrap_run(&details->bootstrap, &details->evidence, resampling,
                       parallel_jobs(options->jobs), failure))
        return false;
    bootstrap_evidence_clear(&details->evidence);
    e->bootstrap = &details->bootstrap;
    e->resampling = resampling;
    return true;
}

static bool measure_reconstruction(const struct eval_options *options,
                                   const struct eval_sources *sources, size_t i,
                                   struct eval_results *results, struct failure *failure)
{
    struct quantizer_error *error = &results->details[i].reconstruction;
    if (!sources->model || !decoder_exists(sources->model[i])) return true;
    if (!eval_reconstruction(sources, i, parallel_jobs(options->jobs), error, failure))
        return false;
    results->evaluation[i].reconstruction = error;
    return true;
}

static bool measure_subject(const struct eval_options *options, const struct eval_sources *sources,
                            size_t i, struct eval_results *results, struct failure *failure)
{
    const struct unit_set *units = &sources->units[i];
    struct evaluation *e = &results->evaluation[i];
    *e = (struct evaluation){
        .units = units, .phones = sources->phones,
        .pairing = {options->grid, options->upsample, options->pad},
        .tolerance_us = (int64_t)options->tolerance_ms * 1000,
        .quantizer = sources->quantizer_error ? &sources->quantizer_error[i] : NULL};
    return pairing_check(&e->pairing, units->hop_samples, units->rate_hz, failure) &&
           evaluation_measure(e, failure) && measure_abx(options, sources, i, results, failure) &&
           measure_intervals(options, sources, i, results, failure) &&
           measure_changed(options, sources, i, results, failure) &&
           measure_reconstruction(options, sources, i, results, failure) &&
           measure_robustness(options, sources, i, results, failure);
}

bool eval_measure(const struct eval_options *options, const struct eval_sources *sources,
                  struct eval_results *results, struct failure *failure)
{
    results->n = sources->n_subject;
    results->evaluation = zeroed(results->n, sizeof *results->evaluation, failure);
    results->details = zeroed(results->n, sizeof *results->details, failure);
    results->resampling.n_draw = options->bootstrap;
    results->resampling.seed = options->seed;
    if (!results->evaluation || !results->details ||
        !resampling_make(&results->resampling, &sources->units[0], &sources->features[0],
                         sources->phones, sources->has_items ? &sources->items : NULL, failure))
        return false;
    for (size_t i = 0; i < results->n; i++)
        if (!measure_subject(options, sources, i, results, failure)) return false;
    return true;
}

/* All models have the same utterances. */
bool eval_say_names(const struct evaluation *e, const struct eval_sources *sources)
{
    struct messages *messages = sources->messages;
    const char *units_name = sources->n_subject > 1 ? "the corpus" : sources->name[0];
    if (!e->phones) return true;
    if (e->paired.missing)
        messages_warn(messages, "%s: %llu utterances have no units; the first is '%s'",
                      sources->phones_name, (unsigned long long)e->paired.missing,
                      e->paired.missing_name);
    if (e->paired.ignored)
        messages_warn(messages, "%s: %llu utterances have no phones; the first is '%s'",
                      units_name, (unsigned long long)e->paired.ignored, e->paired.ignored_name);
    if (e->paired.utterances) return true;
    messages_error(messages, "no utterance has the same name in %s and %s", units_name,
                   sources->phones_name);
    return false;
}

void eval_results_clear(struct eval_results *results)
{
    for (size_t i = 0; results->evaluation && results->details && i < results->n; i++) {
        struct eval_details *details = &results->details[i];
        robustness_clear(&details->robustness);
        bootstrap_evidence_clear(&details->evidence);
        bootstrap_clear(&details->bootstrap);
        evaluation_clear(&results->evaluation[i]);
    }
    free(results->evaluation);
    free(results->details);
    resampling_clear(&results->resampling);
}

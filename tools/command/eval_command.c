/* SPDX-License-Identifier: MIT */
#include "tools/base/output_file.h"
#include "tools/base/parallel.h"
#include "tools/command/command.h"
#include "tools/command/eval_options.h"
#include "tools/command/eval_sources.h"
#include "tools/command/model_lookup.h"
#include "tools/eval/evaluation_report.h"
#include "tools/eval/robustness.h"

#include <stdlib.h>

/* Everything that is measured. */
struct results {
    struct evaluation evaluation;
    struct edit_distance ued;
    struct abx_scores abx, abx_features;
    struct robustness robustness;
};

static bool measure_abx(const struct eval_options *options, const struct eval_sources *sources,
                        struct results *results, struct failure *failure)
{
    const struct abx_options abx = {
        .any_context = options->any_context, .max_size = options->max_size,
        .max_x = options->max_x, .distance = (enum frame_distance)options->distance,
        .n_thread = parallel_jobs(options->jobs)};
    const struct unit_set *units = &sources->units;
    if (!sources->has_items) return true;
    if (!abx_of_units(&sources->items, units, &abx, &results->abx, failure)) return false;
    results->evaluation.abx = &results->abx;
    if (!sources->features.names.n) return true;
    if (!abx_of_features(&sources->items, &sources->features, units->hop_samples, units->rate_hz,
                         &abx, &results->abx_features, failure))
        return false;
    results->evaluation.abx_features = &results->abx_features;
    return true;
}

static void say_condition(void *context, size_t done, size_t n)
{
    char text[64];
    snprintf(text, sizeof text, "changed audio: %zu of %zu", done + 1, n);
    messages_status(context, text);
}

static bool measure_robustness(const struct eval_options *options,
                               const struct eval_sources *sources, struct results *results,
                               struct messages *messages, struct failure *failure)
{
    struct samples *noise;
    struct audio_change *change = NULL;
    size_t n_noise, n_change = 0;
    if (!options->robustness) return true;
    if (!noises_read(options->robustness, sources->units.rate_hz, &noise, &n_noise, failure))
        return false;
    bool good = eval_options_changes(options, noise, n_noise, &change, &n_change, failure);
    const struct robustness_request request = {
        .encoding = &sources->encoding, .clean = &results->evaluation, .change = change,
        .n_change = n_change, .progress = say_condition, .context = messages};
    good = good && robustness_measure(&request, &results->robustness, failure);
    if (good) results->evaluation.robustness = &results->robustness;
    messages_status(messages, NULL);
    free(change);
    noises_free(noise, n_noise);
    return good;
}

static bool measure(const struct eval_options *options, const struct eval_sources *sources,
                    struct results *results, struct messages *messages, struct failure *failure)
{
    struct evaluation *e = &results->evaluation;
    *e = (struct evaluation){
        .units = &sources->units, .phones = sources->phones,
        .pairing = {options->grid, options->upsample, options->pad},
        .tolerance_us = (int64_t)options->tolerance_ms * 1000,
        .quantizer = sources->has_quantizer_error ? &sources->quantizer_error : NULL};
    if (!pairing_check(&e->pairing, sources->units.hop_samples, sources->units.rate_hz, failure) ||
        !evaluation_measure(e, failure) || !measure_abx(options, sources, results, failure))
        return false;
    if (options->changed) {
        if (!edit_distance_measure(&sources->units, &sources->changed, &results->ued, failure))
            return false;
        e->ued = &results->ued;
    }
    return measure_robustness(options, sources, results, messages, failure);
}

/* Before any number: whose names did not match. */
static bool say_names(const struct evaluation *e, const struct eval_sources *sources,
                      struct messages *messages)
{
    if (!e->phones) return true;
    if (e->paired.missing)
        messages_warn(messages, "%s: %llu utterances have no units; the first is '%s'",
                      sources->phones_name, (unsigned long long)e->paired.missing,
                      e->paired.missing_name);
    if (e->paired.ignored)
        messages_warn(messages, "%s: %llu utterances have no phones; the first is '%s'",
                      sources->units_name, (unsigned long long)e->paired.ignored,
                      e->paired.ignored_name);
    if (e->paired.utterances) return true;
    messages_error(messages, "no utterance is called the same in %s and %s", sources->units_name,
                   sources->phones_name);
    return false;
}

static bool write_report(const struct eval_options *options, const struct eval_sources *sources,
                         const struct evaluation *e, struct failure *failure)
{
    const struct report_options report = {
        .units_name = sources->units_name, .phones_name = sources->phones_name,
        .items_name = sources->items_name, .per_phone = options->per_phone,
        .per_unit = options->per_unit};
    struct output_file *out;
    if (!output_file_open(&out, options->output, failure)) return false;
    FILE *file = output_file_stream(out);
    if (options->json ? report_json(file, e, &report, failure)
                      : report_table(file, e, &report, failure))
        return output_file_commit(out, failure);
    output_file_abandon(out);
    return false;
}

static bool write_matrix(const struct eval_options *options, const struct evaluation *e,
                         struct failure *failure)
{
    struct output_file *out;
    if (!options->matrix) return true;
    if (!e->phones) return fail(failure, EXIT_USAGE, "--matrix needs --phones");
    if (!output_file_open(&out, options->matrix, failure)) return false;
    report_matrix(output_file_stream(out), e);
    return output_file_commit(out, failure);
}

static int run(const struct eval_options *options, char **operand, size_t n_operand,
               struct messages *messages)
{
    struct eval_sources sources = {.messages = messages};
    struct results results = {0};
    struct failure failure = {0};
    int code = EXIT_FINE;
    bool good = eval_sources_read(&sources, options, operand, n_operand, &failure) &&
                measure(options, &sources, &results, messages, &failure);
    if (good) {
        if (!say_names(&results.evaluation, &sources, messages) || sources.n_failed)
            code = EXIT_INPUT;
        good = write_report(options, &sources, &results.evaluation, &failure) &&
               write_matrix(options, &results.evaluation, &failure);
    }
    if (!good) code = messages_failure(messages, &failure);
    robustness_clear(&results.robustness);
    evaluation_clear(&results.evaluation);
    eval_sources_clear(&sources);
    return code;
}

int command_eval(int argc, char **argv, struct messages *messages)
{
    struct eval_options options;
    struct failure failure = {0};
    char **operand;
    size_t n_operand;
    eval_options_default(&options);
    switch (options_parse(&eval_option_table, argc, argv, &options, &operand, &n_operand,
                          &failure)) {
    case OPTIONS_DONE: return EXIT_FINE;
    case OPTIONS_FAILED: return messages_failure(messages, &failure);
    case OPTIONS_RUN: break;
    }
    messages->quiet = options.quiet;
    if (!eval_options_check(&options, n_operand, &failure))
        return messages_failure(messages, &failure);
    return run(&options, operand, n_operand, messages);
}

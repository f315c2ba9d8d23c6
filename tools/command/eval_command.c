/* SPDX-License-Identifier: MIT */
#include "tools/base/output_file.h"
#include "tools/base/parallel.h"
#include "tools/command/command.h"
#include "tools/command/eval_fit.h"
#include "tools/command/eval_measure.h"
#include "tools/command/eval_merge.h"
#include "tools/command/eval_shard.h"
#include "tools/eval/evaluation_report.h"

#include <stdlib.h>

static bool write_report(const struct eval_options *options, const struct eval_sources *sources,
                         const struct evaluation *e, struct failure *failure)
{
    const struct report_options report = {
        .units_name = sources->name, .phones_name = sources->phones_name,
        .items_name = sources->items_name, .per_phone = options->per_phone,
        .per_unit = options->per_unit};
    struct output_file *out;
    if (!output_file_open(&out, options->output, failure)) return false;
    FILE *file = output_file_stream(out);
    if (options->json ? evaluation_write_json(file, e, sources->n_subject, &report, failure)
                      : evaluation_write_table(file, e, sources->n_subject, &report, failure))
        return output_file_commit(out, failure);
    output_file_abandon(out);
    return false;
}

static bool write_matrix(const struct eval_options *options, const struct evaluation *e,
                         struct failure *failure)
{
    struct output_file *out;
    if (!options->matrix) return true;
    if (!output_file_open(&out, options->matrix, failure)) return false;
    evaluation_write_matrix(output_file_stream(out), e);
    return output_file_commit(out, failure);
}

static int run(struct eval_options *options, char **operand, size_t n_operand,
               struct messages *messages)
{
    struct eval_sources sources = {.messages = messages};
    struct eval_results results = {0};
    struct failure failure = {0};
    int code = EXIT_FINE;
    struct eval_merge merge = {0};
    const char *variable;
    bool good = eval_fit_shards(options, &failure) &&
                eval_shard_parse(options, &variable, &failure) &&
                (options->merge
                     ? eval_merge_read(&merge, options, &sources, operand, n_operand, &failure)
                     : eval_sources_read(&sources, options, operand, n_operand, &failure)) &&
                (options->part.n ? eval_shard_write(options, &sources, &failure)
                                 : eval_measure(options, &sources, &results, &failure));
    if (good && options->part.n) {
        if (sources.n_failed) code = EXIT_INPUT;
    } else if (good) {
        if (!eval_say_names(results.evaluation, &sources) || sources.n_failed)
            code = EXIT_INPUT;
        good = write_report(options, &sources, results.evaluation, &failure) &&
               write_matrix(options, results.evaluation, &failure);
    }
    if (!good) code = messages_failure(messages, &failure);
    eval_results_clear(&results);
    eval_sources_clear(&sources);
    eval_merge_clear(&merge);
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
    return run(&options, operand, n_operand, messages);
}

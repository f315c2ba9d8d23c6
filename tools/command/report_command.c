/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"
#include "tools/base/output_file.h"
#include "tools/command/command.h"
#include "tools/command/eval_measure.h"
#include "tools/command/report_choice.h"
#include "tools/report/page.h"

#include <stdlib.h>

struct report {
    struct report_command_options options;
    struct eval_sources sources;
    struct eval_results results;
    struct alignment *words; /* NULL: none */
    struct training_log *log; /* [options.log.n] */
    struct report_choice choice;
};

/* Logs are read before the corpus, which takes longer. */
static bool read_logs(struct report *report, struct failure *failure)
{
    const struct option_texts *path = &report->options.log;
    report->log = zeroed(path->n, sizeof *report->log, failure);
    if (!report->log) return false;
    for (size_t i = 0; i < path->n; i++)
        if (!training_log_read(&report->log[i], path->text[i], failure)) return false;
    return true;
}

/* The files that voq eval does not know. */
static bool guard_files(struct report *report, struct failure *failure)
{
    struct option_guard *guard = &report->sources.guard;
    const struct report_command_options *options = &report->options;
    for (size_t i = 0; i < options->log.n; i++)
        if (!option_guard_reads(guard, options->log.text[i], failure)) return false;
    return !options->words || option_guard_reads(guard, options->words, failure);
}

/* Words that are not named may be missing: those beside the corpus, then those in the TextGrids of
   the phones. */
static bool read_words(struct report *report, struct failure *failure)
{
    const struct eval_sources *sources = &report->sources;
    const char *path = report->options.words ? report->options.words : sources->root.words;
    struct failure ignored;
    if (path) return words_read(&report->words, path, failure);
    if (sources->phones_name && alignment_has_tiers(sources->phones_name))
        (void)words_read(&report->words, sources->phones_name, &ignored);
    return true;
}

static bool write_page(const struct report *report, struct failure *failure)
{
    const struct eval_sources *sources = &report->sources;
    const struct report_options names = {.units_name = sources->name,
                                         .phones_name = sources->phones_name,
                                         .items_name = sources->items_name};
    const struct page_input page = {
        .evaluation = report->results.evaluation,
        .model = (const voq_model *const *)sources->model, .n_model = sources->operands.n_model,
        .names = &names, .corpus_name = sources->operands.operand[sources->operands.n_model],
        .corpus = sources->corpus, .words = report->words, .shown = report->choice.utterance,
        .n_shown = report->choice.n, .has_sound = report->options.audio, .log = report->log,
        .n_log = report->options.log.n};
    struct output_file *out;
    if (!output_file_open(&out, report->options.eval.output, failure)) return false;
    if (page_write(output_file_stream(out), &page, failure))
        return output_file_commit(out, failure);
    output_file_abandon(out);
    return false;
}

static bool check_output(const struct report *report, struct failure *failure)
{
    const char *output = report->options.eval.output;
    if (!output) return fail(failure, EXIT_USAGE, "name the page that is written by -o FILE.html");
    return output_file_try(output, failure);
}

static int run(struct report *report, char **operand, size_t n_operand, struct messages *messages)
{
    struct failure failure = {0};
    struct eval_sources *sources = &report->sources;
    struct eval_options *eval = &report->options.eval;
    bool good = check_output(report, &failure) && guard_files(report, &failure) &&
                read_logs(report, &failure) &&
                eval_sources_read(sources, eval, operand, n_operand, &failure) &&
                report_options_fit(&report->options, sources, &failure) &&
                read_words(report, &failure) &&
                report_choose(&report->choice, &report->options, sources, &failure) &&
                eval_measure(eval, sources, &report->results, &failure);
    if (!good) return messages_failure(messages, &failure);
    bool matches = eval_say_names(report->results.evaluation, sources);
    if (!write_page(report, &failure)) return messages_failure(messages, &failure);
    return !matches || sources->n_failed ? EXIT_INPUT : EXIT_FINE;
}

static void report_clear(struct report *report)
{
    for (size_t i = 0; report->log && i < report->options.log.n; i++)
        training_log_clear(&report->log[i]);
    free(report->log);
    free(report->choice.utterance);
    alignment_free(report->words);
    eval_results_clear(&report->results);
    eval_sources_clear(&report->sources);
    options_free(&report_option_table, &report->options);
}

int command_report(int argc, char **argv, struct messages *messages)
{
    struct report report = {.sources = {.messages = messages}};
    struct failure failure = {0};
    char **operand;
    size_t n_operand;
    int code = EXIT_FINE;
    report_options_default(&report.options);
    switch (options_parse(&report_option_table, argc, argv, &report.options, &operand, &n_operand,
                          &failure)) {
    case OPTIONS_DONE: break;
    case OPTIONS_FAILED: code = messages_failure(messages, &failure); break;
    case OPTIONS_RUN:
        messages->quiet = report.options.eval.quiet;
        code = run(&report, operand, n_operand, messages);
    }
    report_clear(&report);
    return code;
}

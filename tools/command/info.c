/* SPDX-License-Identifier: MIT */
#include "tools/base/output_file.h"
#include "tools/command/codeword_match.h"
#include "tools/command/command.h"
#include "tools/command/model_report.h"
#include "tools/cli/option_rows.h"

#include <stddef.h>

struct info_options {
    bool json, quiet;
    uint32_t cpu;
};

static const struct option_row rows[] = {
    OPTION_ROW_JSON(offsetof(struct info_options, json),
                    "one object with every number of the model"),
    OPTION_ROW_CPU(offsetof(struct info_options, cpu)),
    OPTION_ROW_QUIET(offsetof(struct info_options, quiet)),
};

static const struct option_table table = {
    .command = "info",
    .operands = "[OPTION]... MODEL [NEW]",
    .about = "Prints how a model computes units and how it was trained. With two models, prints "
             "the units that correspond: one line \"OLD NEW DISTANCE\" for each pair of codewords "
             "that are nearest to each other.",
    .notes = "Exit codes: 0 success, 2 wrong usage or unusable model, 5 the output failed.\n"
             "\n"
             "Examples:\n"
             "  voq info phone-256\n"
             "  voq info --json mine.voq\n"
             "  voq info old.voq new.voq\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
};

static bool report(char **operand, size_t n_operand, const struct info_options *options,
                   FILE *file, struct failure *failure)
{
    voq_model *model[2] = {NULL, NULL};
    char path[2][4096];
    bool good = true;
    for (size_t i = 0; good && i < n_operand; i++)
        good = model_open(operand[i], options->cpu, &model[i], path[i], sizeof path[i], failure);
    if (good && n_operand == 2)
        good = codeword_match_write(model[0], model[1], options->json, file, failure);
    else if (good && options->json)
        good = model_report_json(model[0], path[0], file, failure);
    else if (good)
        good = model_report_text(model[0], path[0], file, failure);
    voq_model_close(model[0]);
    voq_model_close(model[1]);
    return good;
}

int command_info(int argc, char **argv, struct messages *messages)
{
    struct info_options options = {0};
    struct failure failure = {0};
    struct output_file *out = NULL;
    char **operand;
    size_t n_operand;
    switch (options_parse(&table, argc, argv, &options, &operand, &n_operand, &failure)) {
    case OPTIONS_DONE: return EXIT_FINE;
    case OPTIONS_FAILED: return messages_failure(messages, &failure);
    case OPTIONS_RUN: break;
    }
    messages->quiet = options.quiet;
    if (n_operand < 1 || n_operand > 2) {
        fail(&failure, EXIT_USAGE, "expected one model, or two to compare; see voq info --help");
        return messages_failure(messages, &failure);
    }
    if (!output_file_open(&out, "-", &failure)) return messages_failure(messages, &failure);
    if (!report(operand, n_operand, &options, output_file_stream(out), &failure)) {
        output_file_abandon(out);
        return messages_failure(messages, &failure);
    }
    if (!output_file_commit(out, &failure)) return messages_failure(messages, &failure);
    return EXIT_FINE;
}

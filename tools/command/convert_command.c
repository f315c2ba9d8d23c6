/* SPDX-License-Identifier: MIT */
#include "tools/command/command.h"
#include "tools/command/convert.h"

static bool guard_files(struct option_guard *guard, const struct convert_options *options,
                        char **input, size_t n, struct failure *failure)
{
    if (!option_guard_options(guard, &convert_option_table, options, failure)) return false;
    for (size_t i = 0; i < n; i++)
        if (!convert_guard_input(guard, input[i], options->from, options->features, failure))
            return false;
    return option_guard_check(guard, failure);
}

static bool run(const struct convert_options *options, char **input, size_t n,
                struct option_guard *guard, struct messages *messages, struct failure *failure)
{
    if (n == 0)
        return fail(failure, EXIT_USAGE, "no input; name a file, see voq convert --help");
    if (!guard_files(guard, options, input, n, failure)) return false;
    if (convert_is_network(input[0]))
        return n > 1 ? fail(failure, EXIT_USAGE,
                            "%s: only one network can be converted at a time; leave the others out",
                            input[1])
                     : convert_network(options, input[0], guard, messages, failure);
    if (options->features) return convert_features(options, input, n, guard, messages, failure);
    if (!convert_is_codebook(input[0]) || options->from)
        return convert_check_name(input[0], failure) &&
               convert_units(options, input, n, guard, messages, failure);
    if (n > 1) return fail(failure, EXIT_USAGE,
                           "%s: only one codebook can be converted at a time; leave the others "
                           "out", input[1]);
    return convert_codebook(options, input[0], messages, failure);
}

int command_convert(int argc, char **argv, struct messages *messages)
{
    struct convert_options options = {.output = "-"};
    struct failure failure;
    char **operand;
    size_t n_operand;
    switch (options_parse(&convert_option_table, argc, argv, &options, &operand, &n_operand,
                          &failure)) {
    case OPTIONS_DONE: return EXIT_FINE;
    case OPTIONS_FAILED: return messages_failure(messages, &failure);
    case OPTIONS_RUN: break;
    }
    messages->quiet = options.quiet;
    struct option_guard guard = {0};
    bool ok = run(&options, operand, n_operand, &guard, messages, &failure);
    option_guard_free(&guard);
    options_free(&convert_option_table, &options);
    return ok ? EXIT_FINE : messages_failure(messages, &failure);
}

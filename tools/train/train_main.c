/* SPDX-License-Identifier: MIT */
#include "tools/base/standard_streams.h"
#include "tools/cli/messages.h"
#include "tools/train/train_settings.h"
#include "tools/train/training.h"

int main(int argc, char **argv)
{
    struct messages messages;
    struct settings settings;
    struct failure failure = {0};
    char **operand;
    size_t n_operand;
    standard_streams_hold();
    messages_init(&messages, stderr);
    messages_only();
    write_signals_ignore();
    settings_defaults(&settings);
    int code;
    switch (options_parse(&settings_table, argc, argv, &settings, &operand, &n_operand, &failure)) {
    case OPTIONS_DONE: code = EXIT_FINE; break;
    case OPTIONS_FAILED: code = messages_failure(&messages, &failure); break;
    default:
        messages.quiet = settings.quiet;
        code = settings_check(&settings, n_operand, &failure)
                   ? training_run(&settings, (const char *const *)operand, n_operand, &messages)
                   : messages_failure(&messages, &failure);
    }
    options_free(&settings_table, &settings);
    return code;
}

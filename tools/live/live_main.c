/* SPDX-License-Identifier: MIT */
#include "tools/base/standard_streams.h"
#include "tools/live/live.h"
#include "tools/live/quiet.h"

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct messages messages;
    struct live_options options;
    struct failure failure = {0};
    char **operand;
    size_t n_operand;
    standard_streams_hold();
    FILE *own = quiet_start();
    messages_init(&messages, own ? own : stderr);
    write_signals_ignore();
    live_options_default(&options);
    int code = EXIT_FINE;
    switch (options_parse(&live_option_table, argc, argv, &options, &operand, &n_operand,
                          &failure)) {
    case OPTIONS_DONE: break;
    case OPTIONS_FAILED: code = messages_failure(&messages, &failure); break;
    case OPTIONS_RUN:
        messages.quiet = options.quiet;
        code = live_options_check(&options, n_operand, &failure)
                   ? live_run(&options, &messages)
                   : messages_failure(&messages, &failure);
        break;
    }
    fflush(stdout);
    _exit(code); /* a thread may hang in a dead device */
}

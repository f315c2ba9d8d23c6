/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TOOLS_LIVE_H
#define VOQ_TOOLS_LIVE_H

#include "tools/cli/messages.h"
#include "tools/live/live_options.h"

/* Runs `voq live` from the model to the summary and returns the exit code. Threads that hang in a
   dead device may remain: leave the process by _exit. */
int live_run(const struct live_options *options, struct messages *messages);

#endif

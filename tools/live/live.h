/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TOOLS_LIVE_H
#define VOQ_TOOLS_LIVE_H

#include "tools/cli/messages.h"
#include "tools/live/live_options.h"

/* The whole of `voq live`, from the model to the summary; the exit code. Threads may remain that
   hang in a dead device: leave the process by _exit. */
int live_run(const struct live_options *options, struct messages *messages);

#endif

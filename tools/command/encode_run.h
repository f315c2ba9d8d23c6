/* SPDX-License-Identifier: MIT */
/* Workers encode, and the calling thread writes in the order of the inputs. */
#ifndef VOQ_TOOLS_ENCODE_RUN_H
#define VOQ_TOOLS_ENCODE_RUN_H

#include "tools/command/encode_sink.h"
#include "tools/cli/messages.h"

struct encode_task {
    const struct encode_options *options;
    const struct encode_plan *plan;
    const struct encode_items *items;
    struct encode_sink *sink;
    struct messages *messages;
};

/* Returns the exit code after printing all messages; frees the sink. If the run ends early (a
   signal, a failure of the output, --strict), it cleans up and ends the process itself. */
int encode_run(const struct encode_task *task);

#endif

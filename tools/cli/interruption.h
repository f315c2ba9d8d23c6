/* SPDX-License-Identifier: MIT */
/* A signal ends a command that reads and writes in one thread and removes its unfinished output:
   at once, even while a read waits, but never in the middle of a write. */
#ifndef VOQ_TOOLS_INTERRUPTION_H
#define VOQ_TOOLS_INTERRUPTION_H

#include "tools/cli/signals.h"

struct interruption {
    struct signals signals;
    pthread_mutex_t writing;
    void (*abandon)(void *context);
    void *context;
};

/* From now on SIGINT, SIGTERM and SIGHUP call `abandon` and exit with 128 + number. */
bool interruption_start(struct interruption *interruption, void (*abandon)(void *context),
                        void *context);
void interruption_stop(struct interruption *interruption);

/* Change what `abandon` removes only between these two calls. A signal waits at most two seconds
   for a write. */
void interruption_hold(struct interruption *interruption);
void interruption_release(struct interruption *interruption);

#endif

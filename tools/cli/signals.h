/* SPDX-License-Identifier: MIT */
/* SIGINT, SIGTERM and SIGHUP without handlers: a thread waits for them. */
#ifndef VOQ_TOOLS_SIGNALS_H
#define VOQ_TOOLS_SIGNALS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct signals {
    pthread_t thread;
    void (*interrupt)(void *context);
    void *context;
    _Atomic int number; /* of the first signal; 0: none yet */
    atomic_bool stopped;  /* by signals_stop */
};

/* From now on the first of these signals sets `number` and calls `interrupt` in its own thread. If
   a second one comes, or the process has not ended after two seconds, it exits with 128 + number.
   Call it before other threads start, so that they inherit the blocked signals. */
bool signals_start(struct signals *signals, void (*interrupt)(void *context), void *context);
void signals_stop(struct signals *signals);

#endif

/* SPDX-License-Identifier: MIT */
#include "tools/cli/interruption.h"

#include <time.h>
#include <unistd.h>

static void leave(void *context)
{
    struct interruption *interruption = context;
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 2;
    if (pthread_mutex_timedlock(&interruption->writing, &end) == 0)
        interruption->abandon(interruption->context);
    _exit(128 + interruption->signals.number);
}

bool interruption_start(struct interruption *interruption, void (*abandon)(void *context),
                        void *context)
{
    interruption->abandon = abandon;
    interruption->context = context;
    return pthread_mutex_init(&interruption->writing, NULL) == 0 &&
           signals_start(&interruption->signals, leave, interruption);
}

void interruption_stop(struct interruption *interruption)
{
    signals_stop(&interruption->signals);
    pthread_mutex_destroy(&interruption->writing);
}

void interruption_hold(struct interruption *interruption)
{
    pthread_mutex_lock(&interruption->writing);
}

void interruption_release(struct interruption *interruption)
{
    pthread_mutex_unlock(&interruption->writing);
}

/* SPDX-License-Identifier: MIT */
#include "tools/cli/signals.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static void fill_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

static void *wait_for_signals(void *context)
{
    struct signals *signals = context;
    const struct timespec patience = {.tv_sec = 2};
    sigset_t set;
    fill_set(&set);
    int number;
    if (sigwait(&set, &number) != 0 || atomic_load(&signals->stopped)) return NULL;
    signals->number = number;
    signals->interrupt(signals->context);
    sigtimedwait(&set, NULL, &patience);
    if (atomic_load(&signals->stopped)) return NULL;
    _exit(128 + number);
}

bool signals_start(struct signals *signals, void (*interrupt)(void *context), void *context)
{
    signals->interrupt = interrupt;
    signals->context = context;
    signals->number = 0;
    atomic_init(&signals->stopped, false);
    sigset_t set;
    fill_set(&set);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) return false;
    return pthread_create(&signals->thread, NULL, wait_for_signals, signals) == 0;
}

/* A signal of our own ends the wait. pthread_cancel would load another library for that. */
void signals_stop(struct signals *signals)
{
    atomic_store(&signals->stopped, true);
    pthread_kill(signals->thread, SIGTERM);
    pthread_join(signals->thread, NULL);
}

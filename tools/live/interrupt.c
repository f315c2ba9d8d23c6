/* SPDX-License-Identifier: MIT */
#include "tools/live/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const int crash[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
enum { N_CRASH = sizeof crash / sizeof crash[0] };

/* Signal handlers can only use globals. */
static _Atomic(const char *) last_words;
static _Atomic int last_fd;
static struct sigaction before[N_CRASH]; /* a sanitizer's, or none */

static void restore(void)
{
    const char *text = last_words;
    if (text && write(last_fd, text, strlen(text)) < 0) last_words = NULL;
}

static void die(int number)
{
    restore();
    for (size_t i = 0; i < N_CRASH; i++)
        if (crash[i] == number) sigaction(number, &before[i], NULL);
    raise(number);
}

static void leave(int number)
{
    restore();
    _exit(128 + number);
}

static void fill_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGTSTP);
}

void interrupt_start(void)
{
    sigset_t set;
    fill_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    const struct sigaction action = {.sa_handler = die, .sa_flags = SA_NODEFER};
    for (size_t i = 0; i < N_CRASH; i++) sigaction(crash[i], &action, &before[i]);
}

int interrupt_wait(double seconds)
{
    const struct timespec time = {.tv_sec = (time_t)seconds,
                                  .tv_nsec = (long)(1e9 * (seconds - (double)(time_t)seconds))};
    sigset_t set;
    fill_set(&set);
    int number = sigtimedwait(&set, NULL, &time);
    return number > 0 ? number : 0;
}

void interrupt_ends_at_once(void)
{
    const struct sigaction action = {.sa_handler = leave};
    sigset_t set;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    fill_set(&set);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void interrupt_restores(int fd, const char *text)
{
    last_words = NULL;
    last_fd = fd;
    last_words = text;
}

void interrupt_suspend(void)
{
    raise(SIGSTOP);
}

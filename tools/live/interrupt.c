/* SPDX-License-Identifier: MIT */
#include "tools/live/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT, SIGUSR1, SIGUSR2};
enum { N_FATAL = sizeof fatal / sizeof fatal[0] };

/* Signal handlers can only use globals. */
static _Atomic(const char *) last_words;
static _Atomic int last_fd;
static _Atomic bool has_last_mode;
static struct termios last_mode;
static struct sigaction before[N_FATAL]; /* a sanitizer's, or none */

/* A process in the background may restore the mode too, so it must not be stopped for that. */
static void restore_mode(void)
{
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &set, &old);
    tcsetattr(last_fd, TCSANOW, &last_mode);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void interrupt_restore(void)
{
    const char *text = last_words;
    if (text && write(last_fd, text, strlen(text)) < 0) last_words = NULL;
    if (has_last_mode) restore_mode();
}

static void die(int number)
{
    interrupt_restore();
    for (size_t i = 0; i < N_FATAL; i++)
        if (fatal[i] == number) sigaction(number, &before[i], NULL);
    raise(number);
}

static void leave(int number)
{
    interrupt_restore();
    _exit(128 + number);
}

static void fill_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGTSTP);
    sigaddset(set, SIGCONT);
}

void interrupt_start(void)
{
    sigset_t set;
    fill_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    const struct sigaction action = {.sa_handler = die, .sa_flags = SA_NODEFER};
    for (size_t i = 0; i < N_FATAL; i++) sigaction(fatal[i], &action, &before[i]);
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

void interrupt_restores(int fd, const char *text, const struct termios *mode)
{
    last_words = NULL;
    has_last_mode = false;
    last_fd = fd;
    if (mode) last_mode = *mode;
    last_words = text;
    has_last_mode = mode != NULL;
}

void interrupt_suspend(void)
{
    raise(SIGSTOP);
}

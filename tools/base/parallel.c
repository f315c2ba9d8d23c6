/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_getaffinity */
#include "tools/base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct shared {
    size_t n;
    parallel_work *work;
    void *context;
    atomic_size_t next;
    atomic_bool stopped;
};

struct worker {
    pthread_t thread;
    struct shared *shared;
    size_t index;
    size_t failed_piece; /* n: none */
    struct failure failure;
};

static void *run(void *argument)
{
    struct worker *worker = argument;
    struct shared *shared = worker->shared;
    worker->failed_piece = shared->n;
    while (!atomic_load(&shared->stopped)) {
        size_t i = atomic_fetch_add(&shared->next, 1);
        if (i >= shared->n) break;
        if (shared->work(shared->context, worker->index, i, &worker->failure)) continue;
        worker->failed_piece = i;
        atomic_store(&shared->stopped, true);
    }
    return NULL;
}

bool parallel_for(size_t n, size_t n_thread, parallel_work *work, void *context,
                  struct failure *failure)
{
    struct shared shared = {.n = n, .work = work, .context = context};
    if (n_thread > n) n_thread = n;
    if (n_thread < 1) n_thread = 1;
    struct worker *worker = calloc(n_thread, sizeof *worker);
    if (!worker) return fail_memory(failure);
    size_t n_started = 1; /* this thread is the first worker */
    for (size_t i = 0; i < n_thread; i++) {
        worker[i].shared = &shared;
        worker[i].index = i;
    }
    while (n_started < n_thread &&
           pthread_create(&worker[n_started].thread, NULL, run, &worker[n_started]) == 0)
        n_started++;
    run(&worker[0]);
    size_t lowest = worker[0].failed_piece;
    if (lowest < n) *failure = worker[0].failure;
    for (size_t i = 1; i < n_started; i++) {
        pthread_join(worker[i].thread, NULL);
        if (worker[i].failed_piece >= lowest) continue;
        lowest = worker[i].failed_piece;
        *failure = worker[i].failure;
    }
    free(worker);
    return lowest == n;
}

size_t parallel_quota(const char *path)
{
    FILE *file = fopen(path, "r");
    double quota_us = 0, period_us = 0;
    if (!file) return 0;
    bool limited = fscanf(file, "%lf %lf", &quota_us, &period_us) == 2 && quota_us > 0 &&
                   period_us > 0 && quota_us / period_us < PARALLEL_MOST;
    fclose(file);
    if (!limited) return 0;
    size_t whole = (size_t)(quota_us / period_us);
    return (double)whole * period_us < quota_us ? whole + 1 : whole;
}

/* On machines with more than 1,024 processors the mask does not fit: then all that are online. */
static size_t count_allowed(void)
{
    cpu_set_t set;
    long n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                         : sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (size_t)n : 1;
}

size_t parallel_jobs(uint32_t asked)
{
    if (asked) return asked;
    size_t n = count_allowed(), quota = parallel_quota("/sys/fs/cgroup/cpu.max");
    if (quota && quota < n) n = quota;
    return n < PARALLEL_MOST ? n : PARALLEL_MOST;
}

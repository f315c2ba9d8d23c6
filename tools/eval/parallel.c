/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_getaffinity */
#include "tools/eval/parallel.h"

#include "tools/eval/growing.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

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
    struct worker *worker = zeroed(n_thread, sizeof *worker, failure);
    if (!worker) return false;
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

size_t parallel_cores(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? (size_t)n : 1;
}

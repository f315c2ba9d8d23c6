/* SPDX-License-Identifier: MIT */
#include "tools/base/ordered.h"

#include <pthread.h>
#include <stdlib.h>

struct ordered {
    pthread_mutex_t lock;
    pthread_cond_t turned;
    uint64_t n_item;
    uint64_t next;       /* the first item that no worker has taken */
    uint64_t turn;       /* all items before it are done */
    uint64_t first_bad;  /* n_item: none */
    ordered_work *work;
    void *context;
    struct failure *failure; /* of first_bad */
};

struct worker {
    struct ordered *ordered;
    size_t index;
    pthread_t thread;
};

bool ordered_turn(struct ordered *ordered, uint64_t item)
{
    pthread_mutex_lock(&ordered->lock);
    while (ordered->turn < item && ordered->first_bad > item)
        pthread_cond_wait(&ordered->turned, &ordered->lock);
    bool mine = ordered->first_bad > item;
    pthread_mutex_unlock(&ordered->lock);
    return mine;
}

static void finish_item(struct ordered *ordered, uint64_t item, bool good,
                        const struct failure *failure)
{
    /* An item that did not wait for its turn still ends after those before it, so `turn` is
       right. */
    bool mine = good ? ordered_turn(ordered, item) : false;
    pthread_mutex_lock(&ordered->lock);
    if (mine) ordered->turn = item + 1;
    if (!good && item < ordered->first_bad) {
        ordered->first_bad = item;
        *ordered->failure = *failure;
    }
    pthread_cond_broadcast(&ordered->turned);
    pthread_mutex_unlock(&ordered->lock);
}

static bool take_item(struct ordered *ordered, uint64_t *item)
{
    pthread_mutex_lock(&ordered->lock);
    *item = ordered->next;
    bool taken = *item < ordered->n_item && ordered->first_bad == ordered->n_item;
    if (taken) ordered->next++;
    pthread_mutex_unlock(&ordered->lock);
    return taken;
}

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    struct ordered *ordered = worker->ordered;
    struct failure failure;
    for (uint64_t item; take_item(ordered, &item);) {
        bool good = ordered->work(ordered, ordered->context, worker->index, item, &failure);
        /* An earlier item failed: its failure is the one to report. */
        if (!good && !ordered_turn(ordered, item)) break;
        finish_item(ordered, item, good, &failure);
    }
    return NULL;
}

bool ordered_run(size_t n_thread, uint64_t n_item, ordered_work *work, void *context,
                 struct failure *failure)
{
    struct ordered ordered = {.n_item = n_item, .first_bad = n_item, .work = work,
                              .context = context, .failure = failure};
    if (n_thread > n_item) n_thread = (size_t)n_item;
    if (n_thread == 0) return true;
    struct worker *worker = calloc(n_thread, sizeof *worker);
    if (!worker) return fail_memory(failure);
    pthread_mutex_init(&ordered.lock, NULL);
    pthread_cond_init(&ordered.turned, NULL);

    /* The caller is a worker too; if a thread cannot be started, fewer do the work. */
    size_t n_started = 1;
    for (size_t i = 0; i < n_thread; i++)
        worker[i] = (struct worker){.ordered = &ordered, .index = i};
    while (n_started < n_thread &&
           pthread_create(&worker[n_started].thread, NULL, run_worker, &worker[n_started]) == 0)
        n_started++;
    run_worker(&worker[0]);
    for (size_t i = 1; i < n_started; i++) pthread_join(worker[i].thread, NULL);

    pthread_cond_destroy(&ordered.turned);
    pthread_mutex_destroy(&ordered.lock);
    free(worker);
    return ordered.first_bad == n_item;
}

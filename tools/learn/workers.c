/* SPDX-License-Identifier: MIT */
#include "tools/learn/workers.h"

#include "tools/learn/tree_sum.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct helper {
    pthread_t thread;
    struct workers *workers;
    size_t index;
};

struct workers {
    const struct lane_table *lanes;
    size_t n_thread;       /* this one and the helpers */
    struct helper *helper; /* [n_thread - 1] */
    float *scratch;        /* [n_thread][WORKERS_SCRATCH] */
    double *partial;       /* [TREE_LEAVES][TREE_VALUES] */
    pthread_mutex_t mutex;
    pthread_cond_t begun, ended;
    uint64_t round; /* counts the calls of workers_run that used helpers */
    size_t n_busy;
    bool closing;
    /* The work of this round. */
    size_t n_item;
    atomic_size_t next;
    workers_work *work;
    void *context;
};

static void do_items(struct workers *w, size_t thread)
{
    size_t item;
    while ((item = atomic_fetch_add(&w->next, 1)) < w->n_item) w->work(w->context, thread, item);
}

/* Waits for a round after `seen`; false: there will be none. */
static bool wait_for_round(struct workers *w, uint64_t *seen)
{
    pthread_mutex_lock(&w->mutex);
    while (w->round == *seen && !w->closing) pthread_cond_wait(&w->begun, &w->mutex);
    *seen = w->round;
    bool go_on = !w->closing;
    pthread_mutex_unlock(&w->mutex);
    return go_on;
}

static void *help(void *argument)
{
    struct helper *helper = argument;
    struct workers *w = helper->workers;
    uint64_t seen = 0;
    while (wait_for_round(w, &seen)) {
        do_items(w, helper->index);
        pthread_mutex_lock(&w->mutex);
        if (--w->n_busy == 0) pthread_cond_signal(&w->ended);
        pthread_mutex_unlock(&w->mutex);
    }
    return NULL;
}

void workers_run(struct workers *w, size_t n_item, workers_work *work, void *context)
{
    w->n_item = n_item;
    w->work = work;
    w->context = context;
    atomic_store(&w->next, 0);
    bool alone = w->n_thread == 1 || n_item < 2;
    if (!alone) {
        pthread_mutex_lock(&w->mutex);
        w->n_busy = w->n_thread - 1;
        w->round++;
        pthread_cond_broadcast(&w->begun);
        pthread_mutex_unlock(&w->mutex);
    }
    do_items(w, 0);
    if (alone) return;
    pthread_mutex_lock(&w->mutex);
    while (w->n_busy) pthread_cond_wait(&w->ended, &w->mutex);
    pthread_mutex_unlock(&w->mutex);
}

/* A thread that cannot be started is done without: results do not depend on their number. */
static void start_helpers(struct workers *w, size_t n_thread)
{
    for (w->n_thread = 1; w->n_thread < n_thread; w->n_thread++) {
        struct helper *helper = &w->helper[w->n_thread - 1];
        helper->workers = w;
        helper->index = w->n_thread;
        if (pthread_create(&helper->thread, NULL, help, helper) != 0) return;
    }
}

bool workers_new(struct workers **out, size_t n_thread, struct failure *failure)
{
    struct workers *w = *out = calloc(1, sizeof *w);
    if (!w) return fail_memory(failure);
    w->lanes = lane_table_best();
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->begun, NULL);
    pthread_cond_init(&w->ended, NULL);
    w->helper = calloc(n_thread, sizeof *w->helper);
    w->scratch = aligned_alloc(64, n_thread * WORKERS_SCRATCH * sizeof *w->scratch);
    w->partial = malloc((size_t)TREE_LEAVES * TREE_VALUES * sizeof *w->partial);
    if (!w->helper || !w->scratch || !w->partial) {
        workers_free(w);
        *out = NULL;
        return fail_memory(failure);
    }
    start_helpers(w, n_thread);
    return true;
}

void workers_free(struct workers *w)
{
    if (!w) return;
    pthread_mutex_lock(&w->mutex);
    w->closing = true;
    pthread_cond_broadcast(&w->begun);
    pthread_mutex_unlock(&w->mutex);
    for (size_t i = 1; i < w->n_thread; i++) pthread_join(w->helper[i - 1].thread, NULL);
    pthread_cond_destroy(&w->ended);
    pthread_cond_destroy(&w->begun);
    pthread_mutex_destroy(&w->mutex);
    free(w->partial);
    free(w->scratch);
    free(w->helper);
    free(w);
}

size_t workers_count(const struct workers *w)
{
    return w->n_thread;
}

const struct lane_table *workers_lanes(const struct workers *w)
{
    return w->lanes;
}

void workers_use_lanes(struct workers *w, const struct lane_table *lanes)
{
    w->lanes = lanes;
}

float *workers_scratch(struct workers *w, size_t thread)
{
    return w->scratch + thread * WORKERS_SCRATCH;
}

double *workers_partial(struct workers *w)
{
    return w->partial;
}

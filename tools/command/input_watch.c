/* SPDX-License-Identifier: MIT */
#include "tools/command/input_watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct input_watch {
    pthread_mutex_t lock;
    pthread_cond_t known;
    struct input_state *state; /* [n]; kind 0: not known yet */
};

struct input_watch *input_watch_new(size_t n)
{
    struct input_watch *watch = calloc(1, sizeof *watch);
    if (!watch || !(watch->state = calloc(n + 1, sizeof *watch->state))) {
        free(watch);
        return NULL;
    }
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->known, NULL);
    return watch;
}

void input_watch_free(struct input_watch *watch)
{
    if (!watch) return;
    pthread_cond_destroy(&watch->known);
    pthread_mutex_destroy(&watch->lock);
    free(watch->state);
    free(watch);
}

static bool is_same_file(const struct utterance *a, const struct utterance *b)
{
    return a && a->kind == b->kind && a->is_command == b->is_command &&
           strcmp(a->path, b->path) == 0;
}

static struct input_state wait_for(struct input_watch *watch, size_t i)
{
    pthread_mutex_lock(&watch->lock);
    while (!watch->state[i].kind) pthread_cond_wait(&watch->known, &watch->lock);
    struct input_state state = watch->state[i];
    pthread_mutex_unlock(&watch->lock);
    return state;
}

void input_watch_look(struct input_watch *watch, size_t i, const struct utterance *previous,
                      const struct utterance *utterance)
{
    bool shared = is_same_file(previous, utterance);
    struct input_state state = shared ? wait_for(watch, i - 1) : input_state_read(utterance);
    pthread_mutex_lock(&watch->lock);
    watch->state[i] = state;
    pthread_cond_broadcast(&watch->known);
    pthread_mutex_unlock(&watch->lock);
}

struct input_state input_watch_state(struct input_watch *watch, size_t i,
                                     const struct utterance *utterance)
{
    struct input_state state = wait_for(watch, i);
    if (input_state_stands(utterance, &state)) return state;
    return (struct input_state){.kind = INPUT_MOVING};
}

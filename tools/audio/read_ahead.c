/* SPDX-License-Identifier: MIT */
#include "tools/audio/read_ahead.h"

#include <pthread.h>
#include <stdlib.h>

enum { N_SLOT = 8, HALF = N_SLOT / 2 };

/* What one call of audio_read found. */
struct slot {
    struct audio_block block;
    struct failure failure;
    bool good;
    float *x; /* [n_sample] */
};

/* Slots are filled and taken in turn: slot i holds block i, i + N_SLOT, ... The caller keeps the
   block that it took last until it asks for the next one. Who has to wait waits until half of the
   slots are ready, because to sleep and wake for each block would cost more than its decoding. */
struct read_ahead {
    struct audio *audio;
    size_t n_sample;
    struct slot slot[N_SLOT];
    bool has_thread;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    uint64_t n_filled, n_taken; /* blocks; these, `ended` and `stopped` under the mutex */
    bool ended, stopped;        /* no more blocks will be filled, taken */
};

struct read_ahead *read_ahead_new(struct audio *audio, size_t n_sample)
{
    struct read_ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead) return NULL;
    ahead->audio = audio;
    ahead->n_sample = n_sample;
    ahead->slot[0].x = malloc(n_sample * sizeof *ahead->slot[0].x);
    if (ahead->slot[0].x) return ahead;
    free(ahead);
    return NULL;
}

static void fill(struct read_ahead *ahead, struct slot *slot)
{
    struct audio_block *block = &slot->block;
    *block = (struct audio_block){.x = slot->x};
    slot->good = audio_read(ahead->audio, slot->x, ahead->n_sample, &block->n, &slot->failure);
    block->gap = audio_gap(ahead->audio);
    block->read_frames = audio_facts(ahead->audio)->read_frames;
}

static bool is_last(const struct slot *slot)
{
    return !slot->good || (slot->block.n == 0 && slot->block.gap == 0);
}

static uint64_t n_ready(const struct read_ahead *ahead)
{
    return ahead->n_filled - ahead->n_taken;
}

/* Returns the next slot to fill, or NULL when the caller wants no more. */
static struct slot *wait_for_room(struct read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->mutex);
    if (n_ready(ahead) == N_SLOT)
        while (!ahead->stopped && n_ready(ahead) > HALF)
            pthread_cond_wait(&ahead->changed, &ahead->mutex);
    struct slot *slot = ahead->stopped ? NULL : &ahead->slot[ahead->n_filled % N_SLOT];
    pthread_mutex_unlock(&ahead->mutex);
    return slot;
}

static void note_filled(struct read_ahead *ahead, bool is_last)
{
    pthread_mutex_lock(&ahead->mutex);
    ahead->n_filled++;
    ahead->ended = is_last;
    if (is_last || n_ready(ahead) >= HALF) pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
}

static void *read_all(void *context)
{
    struct read_ahead *ahead = context;
    struct slot *slot;
    bool last = false;
    while (!last && (slot = wait_for_room(ahead))) {
        fill(ahead, slot);
        last = is_last(slot);
        note_filled(ahead, last);
    }
    return NULL;
}

static bool make_slots(struct read_ahead *ahead)
{
    for (size_t i = 1; i < N_SLOT; i++) {
        ahead->slot[i].x = malloc(ahead->n_sample * sizeof *ahead->slot[i].x);
        if (!ahead->slot[i].x) return false;
    }
    return true;
}

void read_ahead_start(struct read_ahead *ahead)
{
    /* slot 0 may hold the block that the caller uses: it counts as filled and not yet taken */
    ahead->n_filled = 1;
    if (!make_slots(ahead) || pthread_mutex_init(&ahead->mutex, NULL) != 0) return;
    if (pthread_cond_init(&ahead->changed, NULL) == 0) {
        ahead->has_thread = pthread_create(&ahead->thread, NULL, read_all, ahead) == 0;
        if (ahead->has_thread) return;
        pthread_cond_destroy(&ahead->changed);
    }
    pthread_mutex_destroy(&ahead->mutex);
}

static struct slot *wait_for_block(struct read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->mutex);
    ahead->n_taken++;
    if (n_ready(ahead) <= HALF) pthread_cond_signal(&ahead->changed);
    if (n_ready(ahead) == 0)
        while (!ahead->ended && n_ready(ahead) < HALF)
            pthread_cond_wait(&ahead->changed, &ahead->mutex);
    struct slot *slot = &ahead->slot[ahead->n_taken % N_SLOT];
    pthread_mutex_unlock(&ahead->mutex);
    return slot;
}

bool read_ahead_next(struct read_ahead *ahead, struct audio_block *block, struct failure *failure)
{
    struct slot *slot = ahead->slot;
    if (ahead->has_thread)
        slot = wait_for_block(ahead);
    else
        fill(ahead, slot);
    *block = slot->block;
    if (!slot->good) *failure = slot->failure;
    return slot->good;
}

void read_ahead_free(struct read_ahead *ahead)
{
    if (!ahead) return;
    if (ahead->has_thread) {
        pthread_mutex_lock(&ahead->mutex);
        ahead->stopped = true;
        pthread_cond_signal(&ahead->changed);
        pthread_mutex_unlock(&ahead->mutex);
        pthread_join(ahead->thread, NULL);
        pthread_cond_destroy(&ahead->changed);
        pthread_mutex_destroy(&ahead->mutex);
    }
    for (size_t i = 0; i < N_SLOT; i++) free(ahead->slot[i].x);
    free(ahead);
}

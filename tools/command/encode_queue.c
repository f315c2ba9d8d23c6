/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define RING_BYTES (8 * QUEUE_RECORD_BYTES)

struct head {
    uint32_t kind, n_byte;
};

struct ring {
    unsigned char *bytes; /* [RING_BYTES] */
    size_t begin, used;
    pthread_cond_t space;
};

struct encode_queue {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct ring *ring;   /* [n_worker] */
    uint16_t *owner;     /* [n_utterance]: the worker that claimed it */
    size_t n_worker, next, n_utterance;
    bool stopped;
};

struct encode_queue *queue_new(size_t n_worker, size_t n_utterance)
{
    struct encode_queue *queue = calloc(1, sizeof *queue);
    if (!queue) return NULL;
    queue->n_utterance = n_utterance;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->arrived, NULL);
    queue->owner = calloc(n_utterance + 1, sizeof *queue->owner);
    queue->ring = calloc(n_worker + 1, sizeof *queue->ring);
    bool complete = queue->owner && queue->ring;
    for (size_t i = 0; complete && i < n_worker; i++) {
        pthread_cond_init(&queue->ring[i].space, NULL);
        queue->ring[i].bytes = malloc(RING_BYTES);
        complete = queue->ring[i].bytes != NULL;
        queue->n_worker++;
    }
    if (complete) return queue;
    queue_free(queue);
    return NULL;
}

void queue_free(struct encode_queue *queue)
{
    if (!queue) return;
    for (size_t i = 0; i < queue->n_worker; i++) {
        pthread_cond_destroy(&queue->ring[i].space);
        free(queue->ring[i].bytes);
    }
    pthread_cond_destroy(&queue->arrived);
    pthread_mutex_destroy(&queue->lock);
    free(queue->ring);
    free(queue->owner);
    free(queue);
}

bool queue_claim(struct encode_queue *queue, size_t worker, size_t *utterance)
{
    pthread_mutex_lock(&queue->lock);
    bool claimed = !queue->stopped && queue->next < queue->n_utterance;
    if (claimed) {
        *utterance = queue->next++;
        queue->owner[*utterance] = (uint16_t)worker;
        pthread_cond_signal(&queue->arrived);
    }
    pthread_mutex_unlock(&queue->lock);
    return claimed;
}

static void ring_write(struct ring *ring, const void *bytes, size_t n)
{
    size_t end = (ring->begin + ring->used) % RING_BYTES;
    size_t n_first = n < RING_BYTES - end ? n : RING_BYTES - end;
    if (n_first > 0) memcpy(ring->bytes + end, bytes, n_first);
    if (n > n_first) memcpy(ring->bytes, (const char *)bytes + n_first, n - n_first);
    ring->used += n;
}

static void ring_read(struct ring *ring, void *bytes, size_t n)
{
    size_t n_first = n < RING_BYTES - ring->begin ? n : RING_BYTES - ring->begin;
    if (n_first > 0) memcpy(bytes, ring->bytes + ring->begin, n_first);
    if (n > n_first) memcpy((char *)bytes + n_first, ring->bytes, n - n_first);
    ring->begin = (ring->begin + n) % RING_BYTES;
    ring->used -= n;
}

bool queue_put(struct encode_queue *queue, size_t worker, uint32_t kind, const void *bytes,
               size_t n_byte)
{
    struct ring *ring = &queue->ring[worker];
    const struct head head = {kind, (uint32_t)n_byte};
    pthread_mutex_lock(&queue->lock);
    while (!queue->stopped && ring->used + sizeof head + n_byte > RING_BYTES)
        pthread_cond_wait(&ring->space, &queue->lock);
    bool going = !queue->stopped;
    if (going) {
        ring_write(ring, &head, sizeof head);
        ring_write(ring, bytes, n_byte);
        pthread_cond_signal(&queue->arrived);
    }
    pthread_mutex_unlock(&queue->lock);
    return going;
}

/* The ring that holds the next record of this utterance; NULL while there is none. */
static struct ring *ready(struct encode_queue *queue, size_t utterance)
{
    if (utterance >= queue->next) return NULL;
    struct ring *ring = &queue->ring[queue->owner[utterance]];
    return ring->used > 0 ? ring : NULL;
}

bool queue_take(struct encode_queue *queue, size_t utterance, uint32_t *kind, void *bytes,
                size_t *n_byte)
{
    struct head head;
    struct ring *ring = NULL;
    pthread_mutex_lock(&queue->lock);
    while (!queue->stopped && !(ring = ready(queue, utterance)))
        pthread_cond_wait(&queue->arrived, &queue->lock);
    bool going = !queue->stopped;
    if (going) {
        ring_read(ring, &head, sizeof head);
        ring_read(ring, bytes, head.n_byte);
        *kind = head.kind;
        *n_byte = head.n_byte;
        pthread_cond_signal(&ring->space);
    }
    pthread_mutex_unlock(&queue->lock);
    return going;
}

void queue_stop(struct encode_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->stopped = true;
    pthread_cond_broadcast(&queue->arrived);
    for (size_t i = 0; i < queue->n_worker; i++) pthread_cond_broadcast(&queue->ring[i].space);
    pthread_mutex_unlock(&queue->lock);
}

/* SPDX-License-Identifier: MIT */
/* Several workers, one writer, input order. Each worker takes the next utterance, works alone, and
   puts what it makes as records into a ring of its own; the writer takes the records utterance by
   utterance. A worker whose ring is full waits for its turn, so memory does not grow with the
   length of a file, and the utterance whose turn it is streams straight through. */
#ifndef VOQ_TOOLS_ENCODE_QUEUE_H
#define VOQ_TOOLS_ENCODE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_RECORD_BYTES 16384 /* of one record at most */

struct encode_queue;

/* NULL: no memory. */
struct encode_queue *queue_new(size_t n_worker, size_t n_utterance);
void queue_free(struct encode_queue *queue);

/* The next utterance for this worker; false when there is none, or after queue_stop. */
bool queue_claim(struct encode_queue *queue, size_t worker, size_t *utterance);

/* Adds a record of the utterance claimed last; waits while the ring is full. False after
   queue_stop: give up. */
bool queue_put(struct encode_queue *queue, size_t worker, uint32_t kind, const void *bytes,
               size_t n_byte);

/* The next record of this utterance, into bytes[QUEUE_RECORD_BYTES]; waits for it. The writer asks
   for utterances in order and takes all their records. False after queue_stop. */
bool queue_take(struct encode_queue *queue, size_t utterance, uint32_t *kind, void *bytes,
                size_t *n_byte);

/* Wakes everybody; from any thread. */
void queue_stop(struct encode_queue *queue);

#endif

/* SPDX-License-Identifier: MIT */
/* Several workers and one writer, which keeps the order of the inputs. Each worker claims the next
   utterance, encodes it alone, and puts records into its own ring; the writer takes the records
   utterance by utterance. A worker whose ring is full waits for its turn, so memory does not grow
   with the length of a file. */
#ifndef VOQ_TOOLS_ENCODE_QUEUE_H
#define VOQ_TOOLS_ENCODE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_RECORD_BYTES 16384 /* the most that one record holds */

struct encode_queue;

/* NULL: no memory. */
struct encode_queue *queue_new(size_t n_worker, size_t n_utterance);
void queue_free(struct encode_queue *queue);

/* Claims the next utterance for this worker. False when there is none, or after queue_stop. */
bool queue_claim(struct encode_queue *queue, size_t worker, size_t *utterance);

/* Adds a record of the utterance claimed last; waits while the ring is full. False after
   queue_stop. */
bool queue_put(struct encode_queue *queue, size_t worker, uint32_t kind, const void *bytes,
               size_t n_byte);

/* Waits for the next record of this utterance and copies it to bytes[QUEUE_RECORD_BYTES]. The
   writer must take all records, utterance by utterance. False after queue_stop. */
bool queue_take(struct encode_queue *queue, size_t utterance, uint32_t *kind, void *bytes,
                size_t *n_byte);

/* Wakes all that wait. May be called from any thread. */
void queue_stop(struct encode_queue *queue);

#endif

/* SPDX-License-Identifier: MIT */
/* What the inputs of a run are when its workers read them. Neighbours in one file (segments, an
   archive) share one look. */
#ifndef VOQ_TOOLS_INPUT_WATCH_H
#define VOQ_TOOLS_INPUT_WATCH_H

#include "tools/command/input_state.h"

#include <stddef.h>

struct input_watch;

struct input_watch *input_watch_new(size_t n); /* NULL: no memory */
void input_watch_free(struct input_watch *watch); /* NULL is fine */

/* A worker is about to read input i. previous: input i - 1, NULL for the first. Inputs are looked
   at in order, by any thread. */
void input_watch_look(struct input_watch *watch, size_t i, const struct utterance *previous,
                      const struct utterance *utterance);

/* What input i was, after it was read. */
struct input_state input_watch_state(struct input_watch *watch, size_t i,
                                     const struct utterance *utterance);

#endif

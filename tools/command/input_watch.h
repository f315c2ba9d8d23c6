/* SPDX-License-Identifier: MIT */
/* The states of the inputs of a run at the time when workers read them. Consecutive inputs from the
   same file (segments, an archive) share one state. */
#ifndef VOQ_TOOLS_INPUT_WATCH_H
#define VOQ_TOOLS_INPUT_WATCH_H

#include "tools/command/input_state.h"

#include <stddef.h>

struct input_watch;

struct input_watch *input_watch_new(size_t n); /* NULL: no memory */
void input_watch_free(struct input_watch *watch); /* NULL is allowed */

/* Call before a worker reads input i. previous: input i - 1, NULL for the first. The calls must be
   in the order of the inputs and may come from any thread. */
void input_watch_look(struct input_watch *watch, size_t i, const struct utterance *previous,
                      const struct utterance *utterance);

/* The state of input i; call it after the input was read. */
struct input_state input_watch_state(struct input_watch *watch, size_t i,
                                     const struct utterance *utterance);

#endif

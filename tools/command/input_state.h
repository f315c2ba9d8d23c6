/* SPDX-License-Identifier: MIT */
/* The state of an input when it was read, so that a later run can see whether it has changed. It
   covers the recording or the vectors and the side file (.gaps, .len) that is read with them. */
#ifndef VOQ_TOOLS_INPUT_STATE_H
#define VOQ_TOOLS_INPUT_STATE_H

#include "tools/corpus/corpus.h"

enum input_kind {
    INPUT_FILE = 'f',
    INPUT_PIPE = 'p',   /* cannot be read again */
    INPUT_ABSENT = 'a', /* cannot be read at all */
    INPUT_MOVING = 'm'  /* changed while it was read; counts as changed */
};

struct input_state {
    enum input_kind kind;
    uint64_t size;     /* of the file and its side file; 0 where the kind is not INPUT_FILE */
    uint64_t mtime_ns; /* likewise */
    uint64_t hash;     /* of their bytes */
};

struct input_state input_state_read(const struct utterance *utterance);

/* Whether size and time are still those of `state`. */
bool input_state_stands(const struct utterance *utterance, const struct input_state *state);

enum input_change { INPUT_SAME, INPUT_CHANGED, INPUT_GONE, INPUT_NOT_COMPARED };

/* Reads the input only if its time differs but its size does not. */
enum input_change input_state_compare(const struct utterance *utterance,
                                      const struct input_state *then);

#endif

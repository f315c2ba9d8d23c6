/* SPDX-License-Identifier: MIT */
/* The state of a training of an encoder: arrays that are written to a checkpoint and read back. The
   file also holds what identifies the training, and a checksum. */
#ifndef VOQ_LEARN_STATE_FILE_H
#define VOQ_LEARN_STATE_FILE_H

#include "tools/cli/checkpoint_file.h"

#include <stddef.h>

/* A piece of the state: n_byte bytes of memory. */
struct state_part {
    void *bytes;
    size_t n_byte;
};

/* Replaces the checkpoint's file, or does nothing without one. identity: 64 hex digits. */
bool state_file_write(struct checkpoint_file *file, const char identity[65],
                      const struct state_part *part, size_t n_part, struct failure *failure);

/* Fills the parts from the file. EXIT_USAGE: it is damaged, is no such checkpoint, belongs to other
   options or another corpus, or its sizes differ; the parts may then have changed. */
bool state_file_read(const char *path, const char identity[65], const struct state_part *part,
                     size_t n_part, struct failure *failure);

/* A training that cannot learn would fail again from its checkpoint, since the learning rate is
   part of what that belongs to. If there is one, adds this to the failure. Always false. */
bool state_file_cannot_help(const struct checkpoint_file *file, struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* The place of a checkpoint, which one training has for itself: FILE.lock beside it is locked while
   the training runs, and a file that the training did not write is never replaced or deleted. */
#ifndef VOQ_TRAIN_CHECKPOINT_FILE_H
#define VOQ_TRAIN_CHECKPOINT_FILE_H

#include "tools/base/failure.h"

#include <sys/types.h>

struct checkpoint_file {
    const char *path; /* NULL: there is none, and every call is fine */
    char *lock_path;
    int lock;
    bool exists; /* as the training left it: */
    dev_t device;
    ino_t inode;
};

/* Takes the place. EXIT_USAGE where another training has it, or something that is no file. */
bool checkpoint_file_claim(struct checkpoint_file *file, const char *path,
                           struct failure *failure);

/* The file that is there becomes the training's own. EXIT_USAGE where there is one, but no
   `resume`. */
bool checkpoint_file_take(struct checkpoint_file *file, bool resume, struct failure *failure);

/* Whether the file may be replaced; EXIT_OUTPUT where it is another than the training left. */
bool checkpoint_file_is_own(const struct checkpoint_file *file, struct failure *failure);

/* The training has just written it. */
void checkpoint_file_written(struct checkpoint_file *file);

/* Gives the place up; `done`: deletes the file. */
void checkpoint_file_release(struct checkpoint_file *file, bool done);

#endif

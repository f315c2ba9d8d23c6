/* SPDX-License-Identifier: MIT */
/* The path of a checkpoint, reserved for one training: FILE.lock beside it is locked while the
   training runs. A file that the training did not write is never replaced or deleted. */
#ifndef VOQ_TOOLS_CHECKPOINT_FILE_H
#define VOQ_TOOLS_CHECKPOINT_FILE_H

#include "tools/base/failure.h"

#include <sys/types.h>

struct checkpoint_file {
    const char *path; /* NULL: no checkpoint, and every call succeeds */
    char *lock_path;
    int lock;
    bool exists; /* when the training last wrote it, with device and inode: */
    dev_t device;
    ino_t inode;
};

/* Reserves the path. EXIT_USAGE if another training uses it, or it is not a regular file. */
bool checkpoint_file_claim(struct checkpoint_file *file, const char *path,
                           struct failure *failure);

/* Makes an existing file the training's own. EXIT_USAGE if one exists without `resume`. */
bool checkpoint_file_take(struct checkpoint_file *file, bool resume, struct failure *failure);

/* Whether the file may be replaced. EXIT_OUTPUT if it is not the file that the training wrote. */
bool checkpoint_file_is_own(const struct checkpoint_file *file, struct failure *failure);

/* Call after the training has written the file. */
void checkpoint_file_written(struct checkpoint_file *file);

/* Releases the path; `done`: also deletes the file. */
void checkpoint_file_release(struct checkpoint_file *file, bool done);

#endif

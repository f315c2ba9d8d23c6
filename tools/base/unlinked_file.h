/* SPDX-License-Identifier: MIT */
/* A file without a name, which is deleted when it is closed. */
#ifndef VOQ_TOOLS_UNLINKED_FILE_H
#define VOQ_TOOLS_UNLINKED_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* $TMPDIR, else /tmp. */
const char *unlinked_file_folder(void);

/* Opens a new file on the disk of a folder, for reading and writing. Returns -1 with errno. */
int unlinked_file_open(const char *folder);

/* Writes all bytes. False with errno. */
bool unlinked_file_write(int fd, const char *bytes, size_t n);

#endif

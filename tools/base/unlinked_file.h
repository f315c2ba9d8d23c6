/* SPDX-License-Identifier: MIT */
/* A file without a name, gone when it is closed. */
#ifndef VOQ_TOOLS_UNLINKED_FILE_H
#define VOQ_TOOLS_UNLINKED_FILE_H

/* $TMPDIR, else /tmp. */
const char *unlinked_file_folder(void);

/* A new file on the disk of a folder, for reading and writing. -1 with errno. */
int unlinked_file_open(const char *folder);

#endif

/* SPDX-License-Identifier: MIT */
/* The files in a folder and below it, one utterance per file. */
#ifndef VOQ_TOOLS_FOLDER_FILES_H
#define VOQ_TOOLS_FOLDER_FILES_H

#include "tools/base/folder_walk.h"

/* Lists the files in the folder and below whose name ends in suffix, any case. EXIT_INPUT: a folder
   cannot be read. */
bool folder_files(struct folder_paths *paths, const char *folder, const char *suffix,
                  struct failure *failure);

/* Returns the name of a file's utterance, without suffix: its path below the folder, or its own
   name if folder is NULL; "stdin" for "-". The caller frees it; NULL: no memory. */
char *folder_file_name(const char *path, const char *folder);

#endif

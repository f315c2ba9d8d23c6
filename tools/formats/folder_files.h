/* SPDX-License-Identifier: MIT */
/* The files of one utterance each in a folder and below it. */
#ifndef VOQ_TOOLS_FOLDER_FILES_H
#define VOQ_TOOLS_FOLDER_FILES_H

#include "tools/base/folder_walk.h"

/* The files in the folder and below whose name ends in suffix, any case. EXIT_INPUT for a folder
   that cannot be read. */
bool folder_files(struct folder_paths *paths, const char *folder, const char *suffix,
                  struct failure *failure);

/* The name of the utterance in a file: its path below the folder, or, where folder is NULL, its own
   name without its folders; without suffix; "stdin" for "-". Free it; NULL: no memory. */
char *folder_file_name(const char *path, const char *folder);

#endif

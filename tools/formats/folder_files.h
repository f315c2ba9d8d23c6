/* SPDX-License-Identifier: MIT */
/* The files of one folder. */
#ifndef VOQ_TOOLS_FOLDER_FILES_H
#define VOQ_TOOLS_FOLDER_FILES_H

#include "tools/base/failure.h"

#include <stddef.h>

bool path_is_folder(const char *path);

/* Paths of the files in the folder (not below, not hidden) whose name ends in suffix, any case,
   sorted by bytes. Free each and the list. */
bool folder_files(const char *folder, const char *suffix, char ***file, size_t *n_file,
                  struct failure *failure);

#endif

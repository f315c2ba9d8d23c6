/* SPDX-License-Identifier: MIT */
/* Where the running program lies on disk, and the programs that lie beside it. */
#ifndef VOQ_TOOLS_EXECUTABLE_H
#define VOQ_TOOLS_EXECUTABLE_H

#include <stdbool.h>
#include <stddef.h>

/* The folder of the running executable, without a last '/'. False where it cannot be known. */
bool executable_folder(char *path, size_t capacity);

/* Runs `voq-NAME` in place of this process: beside the executable, in ../libexec/voq, on PATH.
   Returns only if there is none. */
void executable_run(const char *name, int argc, char **argv);

#endif

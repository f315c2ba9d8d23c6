/* SPDX-License-Identifier: MIT */
/* The folder of the running program, and the programs installed beside it. */
#ifndef VOQ_TOOLS_EXECUTABLE_H
#define VOQ_TOOLS_EXECUTABLE_H

#include <stdbool.h>
#include <stddef.h>

/* The folder of the running executable, without a last '/'. False where it cannot be known. */
bool executable_folder(char *path, size_t capacity);

/* Replaces this process by `voq-NAME`, searched beside the executable, in ../libexec/voq and on
   PATH. Returns only if there is none. */
void executable_run(const char *name, int argc, char **argv);

#endif

/* SPDX-License-Identifier: MIT */
/* The bytes of a file, unpacked where they are gzip: one member, or several one after another, as
   `cat a.gz b.gz` makes them. The content decides, not the name. */
#ifndef VOQ_TOOLS_UNPACKED_FILE_H
#define VOQ_TOOLS_UNPACKED_FILE_H

#include "tools/base/failure.h"

#include <stddef.h>

struct unpacked_file;

/* "-" is standard input. */
bool unpacked_file_open(struct unpacked_file **file, const char *path, struct failure *failure);

/* Reads 1 to n bytes; *got = 0 at the end. The failure's text is a reason without the path. */
bool unpacked_file_read(struct unpacked_file *file, void *bytes, size_t n, size_t *got,
                        struct failure *failure);

void unpacked_file_close(struct unpacked_file *file); /* NULL is allowed */

#endif

/* SPDX-License-Identifier: MIT */
/* SHA-256 in hex, of what a training depends on. */
#ifndef VOQ_TOOLS_DIGEST_H
#define VOQ_TOOLS_DIGEST_H

#include "tools/base/failure.h"

enum { DIGEST_HEX = 65 };

void text_digest(const char *text, char hex[DIGEST_HEX]);

/* Refuses a pipe or a device, whose bytes are gone when they have been read. EXIT_INPUT. */
bool file_has_digest(const char *path, struct failure *failure);

/* Of a file's bytes. A folder: of the name and the bytes of each file in it, by name.
   EXIT_INPUT, also as above. */
bool file_digest(const char *path, char hex[DIGEST_HEX], struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef VOQ_LEARN_FILE_DIGEST_H
#define VOQ_LEARN_FILE_DIGEST_H

#include "tools/base/failure.h"

/* SHA-256 of a file's bytes, in hex. A folder: of the name and the digest of each file in it, by
   name. EXIT_INPUT. */
bool file_digest(const char *path, char hex[65], struct failure *failure);

#endif

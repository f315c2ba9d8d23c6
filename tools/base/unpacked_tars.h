/* SPDX-License-Identifier: MIT */
/* The unpacked bytes of compressed tars, whose members can then be read in any order. Each tar is
   copied to an unlinked file in $TMPDIR or /tmp when one of its members is opened. Copies that
   nobody reads are removed, but for the last one that was used, when another tar is opened. */
#ifndef VOQ_TOOLS_UNPACKED_TARS_H
#define VOQ_TOOLS_UNPACKED_TARS_H

#include "tools/base/libarchive.h"

struct unpacked_tars;

/* The library must outlive it. NULL: no memory. */
struct unpacked_tars *unpacked_tars_new(const struct libarchive *library);

/* *fd is shared: read it by pread, and do not close it. May be called by any thread. */
bool unpacked_tars_use(struct unpacked_tars *tars, const char *path, int *fd,
                       struct failure *failure);
void unpacked_tars_release(struct unpacked_tars *tars, int fd);

void unpacked_tars_free(struct unpacked_tars *tars); /* NULL is allowed */

#endif

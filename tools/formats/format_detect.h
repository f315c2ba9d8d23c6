/* SPDX-License-Identifier: MIT */
/* Which format a file has: by its suffix, else, or where formats share a suffix, by its first
   bytes, which may be packed by gzip. */
#ifndef VOQ_TOOLS_FORMAT_DETECT_H
#define VOQ_TOOLS_FORMAT_DETECT_H

#include "tools/base/folder_walk.h"
#include "tools/formats/format.h"

/* EXIT_USAGE where the bytes do not tell, or cannot be read twice (standard input, pipes): say
   --from FORMAT. EXIT_INPUT where the file cannot be opened. */
bool unit_format_detect(const char *path, const struct unit_format **format,
                        struct failure *failure);

/* The name of the unit format of n bytes that a file begins with; NULL: none. */
const char *unit_format_of_bytes(const unsigned char *bytes, size_t n);

/* The first format with a file per utterance of which the folder holds files, and these files
   (folder_walk.h); NULL: there is none. wanted: only this one; NULL: any. */
bool unit_format_of_folder(const char *folder, const struct unit_format *wanted,
                           const struct unit_format **format, struct folder_paths *files,
                           struct failure *failure);
bool feature_format_of_folder(const char *folder, const struct feature_format **format,
                              struct folder_paths *files, struct failure *failure);

#endif

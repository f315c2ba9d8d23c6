/* SPDX-License-Identifier: MIT */
/* Which format a file has: by its suffix, or, if it has none or formats share it, by its first
   bytes, which may be packed by gzip. */
#ifndef VOQ_TOOLS_FORMAT_DETECT_H
#define VOQ_TOOLS_FORMAT_DETECT_H

#include "tools/base/folder_walk.h"
#include "tools/formats/format.h"

/* EXIT_USAGE, which asks for --from FORMAT: the bytes fit no format, or cannot be read twice
   (standard input, pipes). EXIT_INPUT: the file cannot be opened. */
bool unit_format_detect(const char *path, const struct unit_format **format,
                        struct failure *failure);

/* Returns the name of the unit format whose files begin with these n bytes; NULL: none. */
const char *unit_format_of_bytes(const unsigned char *bytes, size_t n);

/* Finds the first format with one file per utterance that has files in the folder, and these files
   (folder_walk.h); NULL: there is none. wanted: only this format; NULL: any. */
bool unit_format_of_folder(const char *folder, const struct unit_format *wanted,
                           const struct unit_format **format, struct folder_paths *files,
                           struct failure *failure);
bool feature_format_of_folder(const char *folder, const struct feature_format **format,
                              struct folder_paths *files, struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Files that belong to an output and have its name and a suffix: OUT.journal, OUT.done. */
#ifndef VOQ_TOOLS_BESIDE_OUTPUT_H
#define VOQ_TOOLS_BESIDE_OUTPUT_H

/* Returns OUT plus the suffix; the caller frees it. NULL: no memory. A name that would be too long
   is shortened and gets a hash. If the parent of the folder OUT is read-only: OUT/SUFFIX. */
char *beside_output(const char *output, const char *suffix);

#endif

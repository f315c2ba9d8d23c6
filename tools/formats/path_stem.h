/* SPDX-License-Identifier: MIT */
/* The default name of an utterance: its file's, without folder and without the last suffix. */
#ifndef VOQ_TOOLS_PATH_STEM_H
#define VOQ_TOOLS_PATH_STEM_H

char *path_stem_copy(const char *path); /* free it; NULL: no memory */

#endif

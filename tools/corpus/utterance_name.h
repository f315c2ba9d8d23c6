/* SPDX-License-Identifier: MIT */
/* The speaker as derived from a name and a path. */
#ifndef VOQ_TOOLS_UTTERANCE_NAME_H
#define VOQ_TOOLS_UTTERANCE_NAME_H

#include "tools/base/path.h"

/* The text before the first '-' of name, else the folder of path (NULL: no path). */
struct text_part name_speaker(struct text_part name, const char *path);

#endif

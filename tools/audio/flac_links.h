/* SPDX-License-Identifier: MIT */
/* FLAC files one after another, as `cat` joins them. */
#ifndef VOQ_TOOLS_FLAC_LINKS_H
#define VOQ_TOOLS_FLAC_LINKS_H

#include "tools/audio/stream_links.h"

/* Adds a link for the start of the file and one for each further header after `begin`. */
bool flac_links_find(struct stream_links *links, struct byte_source *source, uint64_t begin,
                     struct failure *failure);

#endif

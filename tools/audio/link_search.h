/* SPDX-License-Identifier: MIT */
/* Which streams a file holds. */
#ifndef VOQ_TOOLS_LINK_SEARCH_H
#define VOQ_TOOLS_LINK_SEARCH_H

#include "tools/audio/stream_links.h"

/* Finds all links from byte `begin` on, at least one. A file that is not Ogg, FLAC or MPEG there is
   one link of one run. The caller frees *links, also after a failure. */
bool stream_links_find(struct stream_links *links, struct byte_source *source, uint64_t begin,
                       struct failure *failure);

#endif

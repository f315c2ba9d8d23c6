/* SPDX-License-Identifier: MIT */
/* The links of a chained Ogg file and the holes in them. Streams side by side in one link (a
   video's picture beside its sound) are no chain: the first audio stream is taken. */
#ifndef VOQ_TOOLS_OGG_LINKS_H
#define VOQ_TOOLS_OGG_LINKS_H

#include "tools/audio/stream_links.h"

/* Reads all pages from `begin` on, once. Without a valid page there is no link. */
bool ogg_links_find(struct stream_links *links, struct byte_source *source, uint64_t begin,
                    struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* MPEG audio (MP3) streams one after another. */
#ifndef VOQ_TOOLS_MPEG_LINKS_H
#define VOQ_TOOLS_MPEG_LINKS_H

#include "tools/audio/stream_links.h"

/* Returns the length of the frame that begins with these four bytes; 0: none, or of free bit
   rate. */
unsigned mpeg_header_bytes(const unsigned char *header);

/* Writes a first frame that states how many frames follow, for a stream that begins with this
   header; returns its length. */
enum { MPEG_MOST_COUNT_BYTES = 576 };
size_t mpeg_count_frame(const unsigned char *header, uint32_t n_frame, unsigned char *frame);

/* Follows the frames from `begin` on. A new link begins after a tag, with a header of its own
   (Xing, Info), after as many frames as such a header states, where frames of another rate, layer
   or number of channels begin, and where damage ends. */
bool mpeg_links_find(struct stream_links *links, struct byte_source *source, uint64_t begin,
                     struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Where the frames of a FLAC stream end, by their checksums (RFC 9639). */
#ifndef VOQ_TOOLS_FLAC_FRAMES_H
#define VOQ_TOOLS_FLAC_FRAMES_H

#include "tools/audio/stream_links.h"

/* Sets *rest to the position of the first byte after the stream's frames that is neither tag nor
   padding, or where a frame is damaged; bytes.end if there is none. Does not report that a stream
   whose header states its length is cut: its decoder does. */
bool flac_frames_rest(struct byte_source *source, struct byte_range bytes, uint64_t *rest,
                      struct failure *failure);

#endif

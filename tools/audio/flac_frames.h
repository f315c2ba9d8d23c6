/* SPDX-License-Identifier: MIT */
/* Where the frames of a FLAC stream end, by their checksums (RFC 9639). */
#ifndef VOQ_TOOLS_FLAC_FRAMES_H
#define VOQ_TOOLS_FLAC_FRAMES_H

#include "tools/audio/stream_links.h"

/* Of the stream in the bytes: *rest becomes the position of the first byte behind its frames that
   is neither tag nor padding, or where a frame is damaged; bytes.end where there is none. A stream
   whose header states its length may be cut: its decoder tells that. */
bool flac_frames_rest(struct byte_source *source, struct byte_range bytes, uint64_t *rest,
                      struct failure *failure);

#endif

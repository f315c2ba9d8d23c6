/* SPDX-License-Identifier: MIT */
/* What may follow the audio of a file and is not audio: ID3 (v1, "TAG+", v2), APE and Lyrics3 tags,
   zero padding, and in a container its other chunks. */
#ifndef VOQ_TOOLS_TRAILING_H
#define VOQ_TOOLS_TRAILING_H

#include "tools/audio/chunk.h"

/* Looks at the bytes from `position` to the end of a source whose size is known. *other becomes the
   position of the first byte that is none of the above, or AUDIO_UNKNOWN. A tag that the end cuts
   off counts as a tag. layout: of the container's chunks; NULL: it has none. */
bool trailing_other(struct byte_source *source, uint64_t position,
                    const struct chunk_layout *layout, uint64_t *other, struct failure *failure);

/* Moves *end, the end of a source, before the tags that end there; not before `least`. */
bool trailing_cut_tags(struct byte_source *source, uint64_t least, uint64_t *end,
                       struct failure *failure);

enum { TRAILING_LOOK = 12 };

enum trailing_kind {
    TRAILING_UNKNOWN = 0, /* perhaps samples; zeros too, which may be silence */
    TRAILING_TAG,         /* or a chunk */
    TRAILING_RECORDING    /* another one, or a second chunk of audio */
};

/* Returns what begins with these n bytes; TRAILING_LOOK of them are enough. For pipes. */
enum trailing_kind trailing_begins(const unsigned char *bytes, size_t n,
                                   const struct chunk_layout *layout);

#endif

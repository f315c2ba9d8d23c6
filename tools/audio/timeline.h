/* SPDX-License-Identifier: MIT */
/* Where the runs of all links of a file are in time. */
#ifndef VOQ_TOOLS_TIMELINE_H
#define VOQ_TOOLS_TIMELINE_H

#include "tools/audio/sndfile_part.h"

enum timeline_kind {
    TIMELINE_AUDIO,
    TIMELINE_OTHER,     /* of another rate or number of channels than the first */
    TIMELINE_UNREADABLE
};

struct timeline_part {
    const struct stream_link *link;
    const struct stream_run *run;
    enum timeline_kind kind;
    uint64_t safe_frames;       /* frames to which libsndfile seeks correctly */
    uint64_t begin, frames;     /* counted at the rate of the first part that is audio */
    uint32_t rate_hz, channels; /* of TIMELINE_OTHER */
    bool is_misplaced;          /* its true place is later, but unknown */
};

struct timeline {
    struct stream_links links;
    struct timeline_part *part; /* [n_part], none begins before the end of the one before */
    size_t n_part;
    struct sndfile_facts facts; /* of the first that is audio; frames: of all */
};

/* Opens each link once; runs beside holes are decoded in part. EXIT_INPUT: nothing is audio.
   The caller frees *timeline, also after a failure. */
bool timeline_make(struct timeline *timeline, struct byte_source *source, uint64_t begin,
                   struct failure *failure);
void timeline_free(struct timeline *timeline);

bool timeline_open_part(const struct timeline_part *part, struct byte_source *source,
                        struct sndfile_part **file, struct failure *failure);

#endif

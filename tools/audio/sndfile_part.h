/* SPDX-License-Identifier: MIT */
/* Reads some ranges of bytes by libsndfile as if they were one file. */
#ifndef VOQ_TOOLS_SNDFILE_PART_H
#define VOQ_TOOLS_SNDFILE_PART_H

#include "tools/audio/stream_links.h"

struct sndfile_part;

struct sndfile_facts {
    uint32_t rate_hz, channels;
    uint32_t frame_bytes; /* 0: compressed */
    uint64_t frames;      /* that are there; AUDIO_UNKNOWN */
    uint32_t slack;       /* by which `frames` may be too large */
    const char *format;   /* static storage */
};

/* Opens the ranges of the link's header, then the body; the link must outlive the part. EXIT_INPUT:
   libsndfile cannot read it. */
bool sndfile_part_open(struct sndfile_part **part, struct byte_source *source,
                       const struct stream_link *link, struct byte_range body,
                       struct sndfile_facts *facts, struct failure *failure);

bool sndfile_part_is_tar(struct byte_source *source);

/* Fails with EXIT_INPUT: it is not audio. */
bool sndfile_part_fail(struct byte_source *source, struct failure *failure);

bool sndfile_part_seek(struct sndfile_part *part, uint64_t frame, struct failure *failure);

/* Reads up to n frames to x[n][channels]; 0: the end, or the rest cannot be decoded. */
size_t sndfile_part_read(struct sndfile_part *part, float *x, size_t n);

void sndfile_part_close(struct sndfile_part *part); /* NULL is allowed */

#endif

/* SPDX-License-Identifier: MIT */
/* What libsndfile reads, from a byte source that is a file. */
#ifndef VOQ_TOOLS_SNDFILE_READER_H
#define VOQ_TOOLS_SNDFILE_READER_H

#include "tools/audio/byte_source.h"

struct sndfile_reader;

struct sndfile_facts {
    uint32_t rate_hz, channels;
    uint32_t frame_bytes; /* 0: compressed */
    uint64_t frames;      /* that are there; AUDIO_UNKNOWN */
    uint32_t slack;       /* by which `frames` may be too large */
    const char *format;   /* static storage */
};

bool sndfile_reader_open(struct sndfile_reader **reader, struct byte_source *source,
                         struct sndfile_facts *facts, struct failure *failure);

bool sndfile_reader_seek(struct sndfile_reader *reader, uint64_t frame, struct failure *failure);

/* Up to n frames to x[n][channels]; 0: the end, or what follows cannot be decoded. */
size_t sndfile_reader_read(struct sndfile_reader *reader, float *x, size_t n);

void sndfile_reader_close(struct sndfile_reader *reader); /* NULL is fine */

#endif

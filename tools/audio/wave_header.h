/* SPDX-License-Identifier: MIT */
/* The header of a WAV or RF64 file, as far as `data`. */
#ifndef VOQ_TOOLS_WAVE_HEADER_H
#define VOQ_TOOLS_WAVE_HEADER_H

#include "tools/audio/byte_source.h"

struct wave_header {
    bool is_wave;                 /* false: something else, the rest is not filled */
    bool is_rf64;
    bool is_pcm;                  /* `encoding` holds; else ADPCM, mu-law ... : for libsndfile */
    enum audio_encoding encoding;
    uint32_t rate_hz, channels, frame_bytes;
    uint64_t data_position;
    uint64_t data_bytes;          /* as declared; AUDIO_UNKNOWN: the header states no length */
    uint64_t end_position;        /* of the whole, as declared; AUDIO_UNKNOWN */
};

/* Sizes 0 and from 0x7ffff000 on (what programs write that cannot go back) state no length on a
   pipe; in a file 0xffffffff, and 0 where bytes follow that the whole does not count. */
bool wave_header_read(struct byte_source *source, struct wave_header *header,
                      struct failure *failure);

#endif

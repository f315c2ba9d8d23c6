/* SPDX-License-Identifier: MIT */
/* The header of a WAV or RF64 file, as far as `data`. */
#ifndef VOQ_TOOLS_WAVE_HEADER_H
#define VOQ_TOOLS_WAVE_HEADER_H

#include "tools/audio/container_length.h"

struct wave_header {
    bool is_wave;                 /* false: something else, the rest is not filled */
    bool is_rf64;
    bool is_pcm;                  /* false: ADPCM, mu-law ... : for libsndfile */
    bool is_mpeg;                 /* MP3 and relatives, whose frames have headers of their own */
    bool is_extensible;
    enum audio_encoding encoding; /* of a sample of sample_bytes */
    uint32_t rate_hz, channels;
    uint32_t bits;                /* used bits of a sample */
    uint32_t least_bytes;         /* of a sample, by the stated bits */
    uint32_t sample_bytes;        /* of a sample, by the blocks: sample_layout.h */
    uint32_t block_align;         /* as stated; wrong unless it is channels * sample_bytes */
    uint32_t bytes_per_second;    /* as stated */
    struct container_length length;
};

/* Returns the encoding of integers of 1 to 4 bytes. */
enum audio_encoding wave_integer_encoding(uint32_t sample_bytes);

/* Returns where in n bytes a header begins; n: nowhere. *is_whole: its first 12 bytes are there;
   else the n bytes end with what may be its first ones. */
size_t wave_header_find(const unsigned char *bytes, size_t n, bool *is_whole);

bool wave_header_read(struct byte_source *source, struct wave_header *header,
                      struct failure *failure);

#endif

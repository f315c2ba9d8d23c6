/* SPDX-License-Identifier: MIT */
/* The header of a WAV or RF64 file, as far as `data`. */
#ifndef VOQ_TOOLS_WAVE_HEADER_H
#define VOQ_TOOLS_WAVE_HEADER_H

#include "tools/audio/container_length.h"

struct wave_header {
    bool is_wave;                 /* false: something else, the rest is not filled */
    bool is_rf64;
    bool is_pcm;                  /* false: ADPCM, mu-law ... : for libsndfile */
    bool is_mpeg;                 /* MP3 and its kin, whose frames have headers of their own */
    bool is_extensible;
    enum audio_encoding encoding; /* of the sample_bytes of a sample */
    uint32_t rate_hz, channels;
    uint32_t bits;                /* of a sample that are in use */
    uint32_t least_bytes;         /* that a sample has by the bits that the header states */
    uint32_t sample_bytes;        /* that it has by the blocks: sample_layout.h */
    uint32_t block_align;         /* as stated; channels * sample_bytes, or it makes no sense */
    uint32_t bytes_per_second;    /* as stated */
    struct container_length length;
};

/* Of integers of 1 to 4 bytes. */
enum audio_encoding wave_integer_encoding(uint32_t sample_bytes);

/* Where in n bytes a header begins; n: nowhere. *is_whole: it is one by its first 12 bytes; else
   the n bytes end after what may be its first ones. */
size_t wave_header_find(const unsigned char *bytes, size_t n, bool *is_whole);

bool wave_header_read(struct byte_source *source, struct wave_header *header,
                      struct failure *failure);

#endif

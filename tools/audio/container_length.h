/* SPDX-License-Identifier: MIT */
/* Where the headers of AIFF, AU, CAF, RIFX, Sphere, W64 and WAV store the length of the audio.
   libsndfile silently shortens it to what is there, and believes 0. */
#ifndef VOQ_TOOLS_CONTAINER_LENGTH_H
#define VOQ_TOOLS_CONTAINER_LENGTH_H

#include "tools/audio/stated_length.h"

struct container_length {
    bool is_known;                /* false: another format; the rest is not filled */
    struct stated_length stated;
    uint64_t field;               /* position of the number; 0: the number is text */
    unsigned field_bytes;         /* 4 or 8 */
    bool is_big_endian;
    uint64_t not_audio;           /* bytes that the number counts besides the audio */
    uint64_t too_long;            /* the value for a length that does not fit */
    uint64_t other_field;         /* of 4 bytes, meaningless in that case; 0: there is none */
};

/* For all but WAV and RF64, which wave_header.h reads. */
bool container_length_read(struct byte_source *source, struct container_length *length,
                           struct failure *failure);

/* From the chunk that holds the audio. */
void container_length_take(struct container_length *length, const struct chunk_layout *layout,
                           const struct chunk *chunk);

/* From now on the source, a file, reads as if the header stated that many bytes of audio. */
void container_length_mend(struct byte_source *source, const struct container_length *length,
                           uint64_t bytes);

/* Ends the source after the audio, or after the chunks that are to be read too. */
void container_length_limit(struct byte_source *source, const struct container_length *length,
                            const struct settled_length *settled);

/* *again: where, from `position` on, another file of the same container begins, or
   AUDIO_UNKNOWN. */
bool container_length_again(struct byte_source *source, uint64_t position, uint64_t *again,
                            struct failure *failure);

#endif

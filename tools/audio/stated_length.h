/* SPDX-License-Identifier: MIT */
/* The length of the audio that a header states, and how it is used. A file and a pipe of the same
   bytes are treated alike. In this order, where "what follows" begins at the stated end:

   - Length 0, and no chunk or tag follows at once: none was stated (the writer was killed, or could
     not go back). The audio is read to the end, with a warning.
   - The end comes before the stated one. If the length is a placeholder (the table in
     stated_length.c), none was stated. Every other length was meant: the audio was cut short.
   - Nothing follows, or nothing but tags, zeros and chunks of the container: fine.
   - A placeholder, and samples follow: none was stated.
   - A number of 32 bits, and 4 GB or a multiple of it later only tags, zeros and chunks follow: it
     was counted modulo 2^32. The audio is read to there, with a warning.
   - Else what follows is not read, which is reported with its position.

   Where no length is stated, the header of another recording in the same container ends the samples
   (of another kind: its few bytes may be samples). Else tags at the very end do, except in a WAV of
   linear PCM: from a pipe its samples are returned before the end is known. */
#ifndef VOQ_TOOLS_STATED_LENGTH_H
#define VOQ_TOOLS_STATED_LENGTH_H

#include "tools/audio/chunk.h"

struct stated_length {
    const struct chunk_layout *layout; /* of chunks that may follow; NULL: none */
    uint64_t position;                 /* of the audio */
    uint64_t bytes;                    /* of the audio, as stated */
    bool is_wide;                      /* the number has more than 32 bits */
};

struct settled_length {
    uint64_t bytes;    /* to be read; AUDIO_UNKNOWN: to the end */
    unsigned warnings; /* AUDIO_WARN_NO_LENGTH, _WRAPPED, _BEYOND */
    uint64_t beyond;   /* position of the bytes that are not read */
};

bool stated_length_is_placeholder(const struct stated_length *stated);

/* For a file. For a pipe, whose end is not known, a length is believed for now; 0 is settled. */
bool stated_length_settle(struct byte_source *source, const struct stated_length *stated,
                          struct settled_length *settled, struct failure *failure);

/* For a pipe whose stated bytes were read. May read all of the rest. */
bool stated_length_reached(struct byte_source *source, const struct stated_length *stated,
                           struct settled_length *settled, struct failure *failure);

#endif

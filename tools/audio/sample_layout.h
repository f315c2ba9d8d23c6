/* SPDX-License-Identifier: MIT */
/* Where the bits of a sample are when a WAV has more bytes for it than it needs, such as 24 bits in
   4 bytes. RIFF puts them in the high bytes; `arecord -f S24_LE` and others write them in the low
   ones with the same header.

   The first 4,096 samples decide: low, if the bytes above are always the sign of what is below;
   high, if the bytes below are always 0; both (silence): low under a plain header, high under an
   EXTENSIBLE one. Neither: every byte is in use, or the header's blocks are wrong. They are wrong
   if the bytes per second say so, or if all of 3 or 4 bytes would be in use for 16 bits or less.

   A pipe is read that far before its first sample is returned, so that it is read as the file would
   be: at 16 kHz, in mono, 0.26 s. */
#ifndef VOQ_TOOLS_SAMPLE_LAYOUT_H
#define VOQ_TOOLS_SAMPLE_LAYOUT_H

#include "tools/audio/wave_header.h"

enum sample_layout {
    SAMPLES_FIT = 0,     /* no more bytes than needed, and blocks of that size */
    SAMPLES_HIGH,
    SAMPLES_LOW,
    SAMPLES_ALL_BYTES,   /* more bytes than needed, all in use: read as HIGH */
    SAMPLES_PACKED       /* wrong blocks: read as if samples had the bytes that their bits need */
};

bool sample_layout_find(struct byte_source *source, const struct wave_header *header,
                        enum sample_layout *layout, struct failure *failure);

/* Writes the sentence for all but SAMPLES_FIT, without a newline. */
void sample_layout_text(enum sample_layout layout, const struct wave_header *header,
                        const char *label, char *text, size_t size);

#endif

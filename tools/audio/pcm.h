/* SPDX-License-Identifier: MIT */
/* Linear PCM bytes become floats. */
#ifndef VOQ_TOOLS_PCM_H
#define VOQ_TOOLS_PCM_H

#include "tools/audio/audio.h"

uint32_t pcm_bytes(enum audio_encoding encoding); /* of one sample */

/* x[n] from bytes[n * pcm_bytes(encoding)]; scales as in audio.h. */
void pcm_to_float(enum audio_encoding encoding, const unsigned char *bytes, size_t n, float *x);

/* x[n] from the low 1 to 32 bits of integers of 1 to 4 bytes, the lowest first. */
void pcm_low_bits_to_float(const unsigned char *bytes, uint32_t sample_bytes, uint32_t bits,
                           size_t n, float *x);

#endif

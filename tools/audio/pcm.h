/* SPDX-License-Identifier: MIT */
/* Converts linear PCM to floats. */
#ifndef VOQ_TOOLS_PCM_H
#define VOQ_TOOLS_PCM_H

#include "tools/audio/audio.h"

uint32_t pcm_bytes(enum audio_encoding encoding); /* of one sample */

/* Converts bytes[n * pcm_bytes(encoding)] to x[n]; scales as in audio.h. */
void pcm_to_float(enum audio_encoding encoding, const unsigned char *bytes, size_t n, float *x);

/* Converts the low 1 to 32 bits of little-endian integers of 1 to 4 bytes to x[n]. */
void pcm_low_bits_to_float(const unsigned char *bytes, uint32_t sample_bytes, uint32_t bits,
                           size_t n, float *x);

#endif

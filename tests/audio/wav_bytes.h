/* SPDX-License-Identifier: MIT */
/* A WAV of noise in memory, which may state any length. */
#ifndef VOQ_TESTS_WAV_BYTES_H
#define VOQ_TESTS_WAV_BYTES_H

#include "tests/audio/sound.h"

enum { N_FRAME = 3000 };
static unsigned char wav[44 + 2 * N_FRAME];

static inline void make_wav(uint32_t riff_bytes, uint32_t data_bytes)
{
    sound_wav_header(wav, 16000, 1, 16, riff_bytes, data_bytes);
    for (uint32_t i = 0; i < N_FRAME; i++) {
        int16_t sample = (int16_t)(sound_noise(i) * 32768.0f);
        memcpy(wav + 44 + 2 * i, &sample, 2);
    }
}

static inline bool equals_wav(const struct sound *sound, size_t n)
{
    for (size_t i = 0; i < n && i < sound->n; i++) {
        int16_t sample;
        memcpy(&sample, wav + 44 + 2 * i, 2);
        if (sound->x[i] != (float)sample / 32768.0f) return false;
    }
    return sound->n == n;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Sound files made by the tests, and one read in one go. */
#ifndef VOQ_TESTS_SOUND_H
#define VOQ_TESTS_SOUND_H

#include "tests/support/scratch.h"
#include "tools/audio/audio.h"

#include <math.h>
#include <sndfile.h>
#include <stdlib.h>

/* The same every time; within +-0.5, all 16 bits in use. */
static inline float sound_noise(uint32_t i)
{
    return (float)(int32_t)(i * 2654435761u + 12345u) * 0x1p-32f;
}

/* n frames of noise by libsndfile; the path. */
static inline const char *sound_write(const char *name, int format, int rate_hz, int channels,
                                      size_t n)
{
    SF_INFO info = {.samplerate = rate_hz, .channels = channels, .format = format};
    SNDFILE *file = sf_open(scratch(name), SFM_WRITE, &info);
    if (!file) return NULL;
    for (size_t i = 0; i < n; i++) {
        float frame[64];
        for (int c = 0; c < channels; c++)
            frame[c] = sound_noise((uint32_t)(i * (size_t)channels + (size_t)c));
        if (sf_writef_float(file, frame, 1) != 1) abort();
    }
    sf_close(file);
    return scratch(name);
}

struct sound {
    float *x;
    size_t n;
    struct audio_facts facts;
    char warnings[2048]; /* one a line */
    size_t n_gap;
    struct {
        size_t at; /* samples of x before it */
        uint64_t n;
    } gap[8];
};

/* After a read of nothing: false at the end. */
static inline bool sound_gap(struct sound *sound, const struct audio *audio)
{
    uint64_t n = audio_gap(audio);
    if (n == 0) return false;
    if (sound->n_gap == 8) abort();
    sound->gap[sound->n_gap].at = sound->n;
    sound->gap[sound->n_gap++].n = n;
    return true;
}

/* Reads all in pieces of `piece` samples. False: it failed, in opening or later; what was read
   before is kept. */
static inline bool sound_read(struct sound *sound, const struct audio_request *request,
                              size_t piece, struct failure *failure)
{
    struct audio *audio;
    size_t capacity = 0, n_read = 0;
    bool good;
    memset(sound, 0, sizeof *sound);
    if (!audio_open(&audio, request, failure)) return false;
    do {
        if (capacity - sound->n < piece) {
            capacity = 2 * capacity + piece;
            sound->x = realloc(sound->x, capacity * sizeof(float));
            if (!sound->x) abort();
        }
        good = audio_read(audio, sound->x + sound->n, piece, &n_read, failure);
        sound->n += good ? n_read : 0;
    } while (good && (n_read > 0 || sound_gap(sound, audio)));
    sound->facts = *audio_facts(audio);
    for (unsigned bit = 1; bit <= sound->facts.warnings; bit *= 2) {
        char text[900];
        if (!(sound->facts.warnings & bit)) continue;
        audio_warning_text(audio, (enum audio_warning)bit, text, sizeof text);
        strcat(strcat(sound->warnings, text), "\n");
    }
    audio_close(audio);
    return good;
}

static inline void sound_free(struct sound *sound)
{
    free(sound->x);
    sound->x = NULL;
}

/* A PCM WAV header of 44 bytes; data_bytes and riff_bytes as they shall stand in it. */
static inline void sound_wav_header(unsigned char *header, uint32_t rate_hz, uint32_t channels,
                                    uint32_t bits, uint32_t riff_bytes, uint32_t data_bytes)
{
    uint32_t frame = channels * bits / 8;
    uint32_t numbers[] = {16, 1 | channels << 16, rate_hz, rate_hz * frame, frame | bits << 16};
    memcpy(header, "RIFF....WAVEfmt ", 16);
    memcpy(header + 4, &riff_bytes, 4);
    memcpy(header + 16, numbers, 20);
    memcpy(header + 36, "data", 4);
    memcpy(header + 40, &data_bytes, 4);
}

#endif

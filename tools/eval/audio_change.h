/* SPDX-License-Identifier: MIT */
/* Changes of recorded speech: noise, level, another rate, a room. Nothing moves in time, so units
   of the changed audio have the same frames as those of the clean audio. */
#ifndef VOQ_TOOLS_AUDIO_CHANGE_H
#define VOQ_TOOLS_AUDIO_CHANGE_H

#include "tools/eval/samples.h"

enum change_kind {
    CHANGE_NOISE, /* amount: speech over noise in dB, powers over the whole utterance */
    CHANGE_GAIN,  /* amount: dB */
    CHANGE_RATE,  /* amount: rate in Hz; the audio is resampled to it and back */
    CHANGE_ROOM   /* amount: reverberation time RT60 in seconds */
};

struct audio_change {
    enum change_kind kind;
    double amount;
    const struct samples *noise; /* [n_noise]: utterance i gets noise i mod n_noise */
    size_t n_noise;
};

/* Changes the samples of utterance number i, which selects the noise and its offset, so that every
   run is the same. Silent speech or noise is left unchanged. */
bool audio_change_apply(const struct audio_change *change, size_t i, struct samples *samples,
                        struct failure *failure);

/* "noise 10 dB", "gain -20 dB", "rate 8000 Hz", "room 0.3 s". */
void audio_change_name(const struct audio_change *change, char *text, size_t capacity);

#endif

/* SPDX-License-Identifier: MIT */
/* What happens to speech on its way: noise, level, another rate, a room. Nothing moves in time, so
   units of the changed audio lie on the frames of the clean one. */
#ifndef VOQ_TOOLS_AUDIO_CHANGE_H
#define VOQ_TOOLS_AUDIO_CHANGE_H

#include "tools/eval/samples.h"

enum change_kind {
    CHANGE_NOISE, /* amount: speech over noise in dB, powers over the whole utterance */
    CHANGE_GAIN,  /* amount: dB */
    CHANGE_RATE,  /* amount: Hz that the audio is resampled to, and back */
    CHANGE_ROOM   /* amount: reverberation time RT60 in seconds */
};

struct audio_change {
    enum change_kind kind;
    double amount;
    const struct samples *noise; /* [n_noise]: utterance i gets noise i mod n_noise */
    size_t n_noise;
};

/* Changes the samples of utterance number i (which chooses noise and its place: the same for every
   run). Silent speech or noise stays as it is. */
bool audio_change_apply(const struct audio_change *change, size_t i, struct samples *samples,
                        struct failure *failure);

/* "noise 10 dB", "gain -20 dB", "rate 8000 Hz", "room 0.3 s". */
void audio_change_name(const struct audio_change *change, char *text, size_t capacity);

#endif

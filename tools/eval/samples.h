/* SPDX-License-Identifier: MIT */
/* One utterance's audio, whole in memory. */
#ifndef VOQ_TOOLS_SAMPLES_H
#define VOQ_TOOLS_SAMPLES_H

#include "tools/audio/audio.h"

struct samples {
    float *x; /* [n] */
    size_t n, capacity;
    uint32_t rate_hz;
    uint64_t n_not_finite; /* NaN and infinity, which became 0 */
    char *notes;           /* see audio_notes */
};

/* Reads all of it at request->rate_hz, which is not 0. *samples is reused; zeros at first. A
   cut or damaged file fails too: half a recording cannot be compared with its labels. */
bool samples_read(struct samples *samples, const struct audio_request *request,
                  struct failure *failure);
void samples_clear(struct samples *samples);

#endif

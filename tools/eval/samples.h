/* SPDX-License-Identifier: MIT */
/* The whole audio of one utterance in memory. */
#ifndef VOQ_TOOLS_SAMPLES_H
#define VOQ_TOOLS_SAMPLES_H

#include "tools/audio/audio.h"

struct samples {
    float *x; /* [n] */
    size_t n, capacity;
    uint32_t rate_hz;
    uint64_t n_not_finite; /* NaN and infinities, replaced by 0 */
    char *notes;           /* see audio_notes */
};

/* Reads a whole file at request->rate_hz, which must not be 0. *samples is zeroed at first and then
   reused. A cut or damaged file fails: half a recording cannot be compared with its labels. */
bool samples_read(struct samples *samples, const struct audio_request *request,
                  struct failure *failure);
void samples_clear(struct samples *samples);

#endif

/* SPDX-License-Identifier: MIT */
/* How units change when the audio does: noise at given levels, gain, resampling, a room. */
#ifndef VOQ_TOOLS_ROBUSTNESS_H
#define VOQ_TOOLS_ROBUSTNESS_H

#include "tools/eval/corpus_units.h"
#include "tools/eval/edit_distance.h"
#include "tools/eval/evaluation.h"

struct robustness_row {
    char condition[48];      /* "noise 10 dB" */
    struct edit_distance ued;
    double same_frames;      /* share of frames that keep their unit; NaN: no frames */
    double pnmi;             /* of the changed audio, all frames; NaN: undefined or no phones */
};

struct robustness {
    struct robustness_row *row; /* [n_row] */
    size_t n_row;
};

struct robustness_request {
    const struct corpus_encoding *encoding; /* of the clean units; its change is ignored */
    const struct evaluation *clean;         /* units, phones and pairing */
    const struct audio_change *change;      /* [n_change] */
    size_t n_change;
    void (*progress)(void *context, size_t done, size_t n); /* may be NULL */
    void *context;
};

bool robustness_measure(const struct robustness_request *request, struct robustness *robustness,
                        struct failure *failure);
void robustness_clear(struct robustness *robustness);

#endif

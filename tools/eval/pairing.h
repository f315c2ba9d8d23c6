/* SPDX-License-Identifier: MIT */
/* Pairs units with phone labels. */
#ifndef VOQ_TOOLS_PAIRING_H
#define VOQ_TOOLS_PAIRING_H

#include "tools/eval/alignment.h"
#include "tools/eval/unit_set.h"

#include <stdint.h>

#define NO_LABEL UINT32_MAX

/* grid_us 0: unit i covers the samples [i*hop, (i+1)*hop) and has the label at their centre.
   Otherwise HuBERT's pairing (fairseq): labels have their own grid from time 0, units are repeated
   to match it, and the longer sequence is cut. */
struct pairing {
    uint32_t grid_us;  /* 10000 in fairseq */
    uint32_t upsample; /* repetitions per unit; 0: hop / grid, which must be whole */
    uint32_t pad;      /* extra repetitions of the first and last unit, before upsampling */
};

/* The labelled frames of one utterance. */
struct paired {
    uint32_t *unit, *label; /* [n] */
    size_t n, unit_capacity, label_capacity;
    uint64_t trimmed_frames;    /* length difference, grid only */
    uint64_t unlabelled_frames; /* in no interval: dropped */
};

/* The first frame whose centre, at (i + 0.5) * hop / rate seconds, is not before `us`. May be
   negative. */
int64_t frame_from_time(int64_t us, uint32_t hop_samples, uint32_t rate_hz);

/* The first frame whose centre is after `us`. */
int64_t frame_after_time(int64_t us, uint32_t hop_samples, uint32_t rate_hz);

/* Fills label[n_frame]; NO_LABEL outside all intervals; of overlapping intervals, the one with the
   later start wins. */
void label_frames(const struct aligned_utterance *utterance, uint32_t hop_samples,
                  uint32_t rate_hz, uint32_t *label, size_t n_frame);

/* Fills in upsample and checks it against the hop. EXIT_USAGE. */
bool pairing_check(struct pairing *pairing, uint32_t hop_samples, uint32_t rate_hz,
                   struct failure *failure);

/* *paired is zeroed before the first utterance and reused for the next. */
bool pair_utterance(const struct pairing *pairing, const struct unit_utterance *units,
                    uint32_t hop_samples, uint32_t rate_hz,
                    const struct aligned_utterance *phones, struct paired *paired,
                    struct failure *failure);

void paired_clear(struct paired *paired);

#endif

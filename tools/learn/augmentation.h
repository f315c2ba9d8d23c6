/* SPDX-License-Identifier: MIT */
/* Random changes of speech, so that a network learns what does not matter. What happens to a
   recording depends on (seed, epoch, recording) alone. */
#ifndef VOQ_LEARN_AUGMENTATION_H
#define VOQ_LEARN_AUGMENTATION_H

#include "tools/base/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AUGMENTATION_MOST_MASKS = 8 }; /* of each kind */

/* All zero: no change. */
struct augmentation {
    double speed_p;         /* probability of another speed ... */
    uint32_t speed_percent; /* ... which is this much lower or higher */
    double warp;      /* band j takes the value at j (1 + u), |u| at most this */
    double tilt_nats; /* slope over the bands, from end to end, at most so steep */
    double gain_db;   /* level, at most so much lower or higher */
    uint32_t n_band_mask, most_bands;   /* bands set to 0 in a piece */
    uint32_t n_frame_mask, most_frames; /* frames set to 0 in a piece */
    double noise_p, snr_low_db, snr_high_db; /* recorded noise; powers over the recording */
    double room_p, rt60_low_s, rt60_high_s;  /* reverberation, 0 to 10 dB below the direct sound */
};

/* Defaults of `voq train --encoder`. */
struct augmentation augmentation_default(void);

/* What happens to one recording in one epoch. */
struct augmentation_draw {
    uint32_t percent; /* of its speed: 90, 100, 110 */
    float warp, tilt_nats, gain_db;
    bool noisy, reverberant;
    float snr_db, rt60_s, tail_db; /* tail_db: energy of the reverberation over the direct sound */
    uint64_t noise_seed, room_seed, mask_seed;
};
void augmentation_draw(const struct augmentation *augmentation, uint64_t seed, uint32_t epoch,
                       uint64_t recording, struct augmentation_draw *draw);

/* A range of bands or frames. */
struct mask_range {
    uint32_t begin, end;
};

/* Draws a range of at most `most` within n. */
struct mask_range mask_draw(struct rng *rng, uint32_t most, uint32_t n);

#endif

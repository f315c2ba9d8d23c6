/* SPDX-License-Identifier: MIT */
/* Changes of log-mel frames: another vocal tract, another microphone, missing bands and frames. */
#ifndef VOQ_LEARN_BAND_CHANGE_H
#define VOQ_LEARN_BAND_CHANGE_H

#include "tools/learn/augmentation.h"

/* Band j of frame[n][n_band] takes the value at j (1 + warp), between two bands on a straight line,
   beyond the last band that of the last. At most BAND_CHANGE_MOST bands. */
enum { BAND_CHANGE_MOST = 256 };
void bands_warp(float *frame, size_t n, uint32_t n_band, float warp);

/* Adds a straight line over the bands: -tilt/2 at the first, tilt/2 at the last. */
void bands_tilt(float *frame, size_t n, uint32_t n_band, float tilt_nats);

/* The masks of piece number `piece` of a recording, n frames long. */
struct piece_masks {
    struct mask_range band[AUGMENTATION_MOST_MASKS], frame[AUGMENTATION_MOST_MASKS];
    uint32_t n_band, n_frame;
};
void piece_masks_draw(const struct augmentation *augmentation, uint64_t mask_seed, uint32_t piece,
                      uint32_t n, uint32_t dim, struct piece_masks *masks);

/* Sets what the masks cover to 0 in frame `i` of the piece, x[dim]. */
void piece_masks_apply(const struct piece_masks *masks, uint32_t i, float *x, uint32_t dim);

#endif

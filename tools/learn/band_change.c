/* SPDX-License-Identifier: MIT */
#include "tools/learn/band_change.h"

#include <string.h>

void bands_warp(float *frame, size_t n, uint32_t n_band, float warp)
{
    uint32_t low[BAND_CHANGE_MOST], high[BAND_CHANGE_MOST];
    float part[BAND_CHANGE_MOST], old[BAND_CHANGE_MOST];
    for (uint32_t j = 0; j < n_band; j++) {
        float at = (float)j * (1 + warp);
        uint32_t whole = (uint32_t)at;
        part[j] = at - (float)whole;
        low[j] = whole < n_band ? whole : n_band - 1;
        high[j] = whole + 1 < n_band ? whole + 1 : n_band - 1;
    }
    for (size_t i = 0; i < n; i++, frame += n_band) {
        memcpy(old, frame, n_band * sizeof *old);
        for (uint32_t j = 0; j < n_band; j++)
            frame[j] = old[low[j]] + part[j] * (old[high[j]] - old[low[j]]);
    }
}

void bands_tilt(float *frame, size_t n, uint32_t n_band, float tilt_nats)
{
    float step = n_band > 1 ? tilt_nats / (float)(n_band - 1) : 0;
    for (size_t i = 0; i < n; i++, frame += n_band)
        for (uint32_t j = 0; j < n_band; j++) frame[j] += step * (float)j - tilt_nats / 2;
}

static uint32_t draw_ranges(struct mask_range *range, struct rng *rng, uint32_t n_range,
                            uint32_t most, uint32_t n)
{
    for (uint32_t i = 0; i < n_range; i++) range[i] = mask_draw(rng, most, n);
    return n_range;
}

void piece_masks_draw(const struct augmentation *augmentation, uint64_t mask_seed, uint32_t piece,
                      uint32_t n, uint32_t dim, struct piece_masks *masks)
{
    struct rng rng;
    rng_start(&rng, mask_seed, RNG_AUGMENT, piece);
    masks->n_band = draw_ranges(masks->band, &rng, augmentation->n_band_mask,
                                augmentation->most_bands, dim);
    masks->n_frame = draw_ranges(masks->frame, &rng, augmentation->n_frame_mask,
                                 augmentation->most_frames, n);
}

void piece_masks_apply(const struct piece_masks *masks, uint32_t i, float *x, uint32_t dim)
{
    for (uint32_t k = 0; k < masks->n_frame; k++)
        if (i >= masks->frame[k].begin && i < masks->frame[k].end) memset(x, 0, dim * sizeof *x);
    for (uint32_t k = 0; k < masks->n_band; k++)
        memset(x + masks->band[k].begin, 0,
               (masks->band[k].end - masks->band[k].begin) * sizeof *x);
}

/* SPDX-License-Identifier: MIT */
#include "tools/learn/augmentation.h"

struct augmentation augmentation_default(void)
{
    return (struct augmentation){
        .speed_p = .5, .speed_percent = 10, .warp = .1, .tilt_nats = .6, .gain_db = 12,
        .n_band_mask = 2, .most_bands = 7, .n_frame_mask = 2, .most_frames = 11,
        .noise_p = .1, .snr_low_db = 5, .snr_high_db = 25,
        .rt60_low_s = .1, .rt60_high_s = .6};
}

static double between(struct rng *rng, double low, double high)
{
    return low + (high - low) * rng_unit(rng);
}

static bool happens(struct rng *rng, double probability)
{
    return rng_unit(rng) < probability;
}

/* Draws everything in one order, used or not, so that one setting does not change the others. */
void augmentation_draw(const struct augmentation *augmentation, uint64_t seed, uint32_t epoch,
                       uint64_t recording, struct augmentation_draw *draw)
{
    const struct augmentation *a = augmentation;
    const double tail_low_db = -10;
    struct rng rng;
    rng_start(&rng, seed, RNG_AUGMENT, epoch);
    rng_start(&rng, rng_next(&rng) + recording, RNG_AUGMENT, 0);
    bool changed = happens(&rng, a->speed_p), slower = happens(&rng, .5);
    uint32_t percent = slower ? 100 - a->speed_percent : 100 + a->speed_percent;
    draw->percent = changed ? percent : 100;
    draw->warp = (float)between(&rng, -a->warp, a->warp);
    draw->tilt_nats = (float)between(&rng, -a->tilt_nats, a->tilt_nats);
    draw->gain_db = (float)between(&rng, -a->gain_db, a->gain_db);
    draw->noisy = happens(&rng, a->noise_p);
    draw->snr_db = (float)between(&rng, a->snr_low_db, a->snr_high_db);
    draw->reverberant = happens(&rng, a->room_p);
    draw->rt60_s = (float)between(&rng, a->rt60_low_s, a->rt60_high_s);
    draw->tail_db = (float)between(&rng, tail_low_db, 0);
    draw->noise_seed = rng_next(&rng);
    draw->room_seed = rng_next(&rng);
    draw->mask_seed = rng_next(&rng);
}

struct mask_range mask_draw(struct rng *rng, uint32_t most, uint32_t n)
{
    uint32_t width = (uint32_t)rng_below(rng, (uint64_t)(most < n ? most : n) + 1);
    uint32_t begin = (uint32_t)rng_below(rng, (uint64_t)n - width + 1);
    return (struct mask_range){begin, begin + width};
}

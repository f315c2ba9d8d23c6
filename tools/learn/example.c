/* SPDX-License-Identifier: MIT */
#include "tools/learn/example.h"

#include "tools/base/growing.h"
#include "tools/learn/band_change.h"
#include "tools/learn/signal_change.h"

#include <stdlib.h>
#include <string.h>

static const struct speed *speed_of(const struct examples *examples,
                                    const struct augmentation_draw *draw)
{
    if (draw->percent == 100) return NULL;
    return draw->percent < 100 ? &examples->slower : &examples->faster;
}

/* Speech loses its first samples, so that features come later than labels. */
static uint32_t shift_of(const struct examples *examples, const struct recording *recording)
{
    if (examples->recordings->rate_hz == 0) return 0;
    return examples->shift_samples < recording->n ? examples->shift_samples : recording->n;
}

static size_t samples_of(const struct examples *examples, size_t i, const struct speed *speed)
{
    const struct recording *recording = &examples->recordings->recording[i];
    size_t n = recording->n - shift_of(examples, recording);
    return speed ? speed_length(speed, n) : n;
}

static void draw_of(const struct examples *examples, uint32_t epoch, size_t i,
                    struct augmentation_draw *draw)
{
    struct augmentation augmentation = examples->augmentation;
    if (examples->recordings->rate_hz == 0) augmentation.speed_p = 0;
    augmentation_draw(&augmentation, examples->seed, epoch, i, draw);
}

size_t example_count(const struct examples *examples, uint32_t epoch, size_t i)
{
    struct augmentation_draw draw;
    draw_of(examples, epoch, i, &draw);
    return feature_chain_count(examples->chain, samples_of(examples, i, speed_of(examples, &draw)));
}

void example_scratch_clear(struct example_scratch *scratch)
{
    free(scratch->x);
    free(scratch->changed);
    free(scratch->wet);
    free(scratch->noise);
    free(scratch->frame);
    *scratch = (struct example_scratch){0};
}

static bool add_noise(const struct examples *examples, struct example_scratch *scratch,
                      const struct augmentation_draw *draw, float *x, size_t n,
                      struct failure *failure)
{
    const struct recordings *noise = examples->noise;
    struct rng rng;
    rng_start(&rng, draw->noise_seed, RNG_AUGMENT, 1);
    size_t which = (size_t)rng_below(&rng, noise->n), n_noise = noise->recording[which].n;
    if (!grow(&scratch->noise, &scratch->noise_capacity, n_noise, sizeof(float), failure) ||
        !recording_get(noise, which, scratch->noise, failure))
        return false;
    signal_add_noise(x, n, scratch->noise, n_noise, draw->noise_seed, draw->snr_db);
    return true;
}

/* *wet = dry[n] in a room and with noise; dry itself where there is neither. */
static bool make_wet(const struct examples *examples, struct example_scratch *scratch,
                     const struct augmentation_draw *draw, const float *dry, size_t n,
                     const float **wet, struct failure *failure)
{
    bool noisy = draw->noisy && examples->noise && examples->noise->n > 0;
    *wet = dry;
    if (!noisy && !draw->reverberant) return true;
    if (!grow(&scratch->wet, &scratch->wet_capacity, n, sizeof(float), failure)) return false;
    if (!draw->reverberant)
        memcpy(scratch->wet, dry, n * sizeof(float));
    else if (!signal_add_room(scratch->wet, dry, n, examples->chain->rate_hz, draw->room_seed,
                              draw->rt60_s, draw->tail_db, failure))
        return false;
    *wet = scratch->wet;
    return !noisy || add_noise(examples, scratch, draw, scratch->wet, n, failure);
}

/* *dry = the samples at another speed and level. */
static bool make_dry(const struct examples *examples, struct example_scratch *scratch,
                     const struct augmentation_draw *draw, size_t i, const float **dry, size_t *n,
                     struct failure *failure)
{
    const struct recording *recording = &examples->recordings->recording[i];
    const struct speed *speed = speed_of(examples, draw);
    uint32_t shift = shift_of(examples, recording);
    float *x = scratch->x + shift;
    *n = samples_of(examples, i, speed);
    if (speed) {
        if (!grow(&scratch->changed, &scratch->changed_capacity, *n, sizeof(float), failure))
            return false;
        speed_apply(speed, x, recording->n - shift, scratch->changed);
        x = scratch->changed;
    }
    if (draw->gain_db != 0) signal_gain(x, *n, draw->gain_db);
    *dry = x;
    return true;
}

static bool make_input(const struct examples *examples, struct example_scratch *scratch,
                       const struct augmentation_draw *draw, const float *x, size_t n, float *v,
                       struct failure *failure)
{
    const struct feature_chain *chain = examples->chain;
    size_t n_frame = feature_chain_count(chain, n);
    if (!grow(&scratch->frame, &scratch->frame_capacity, n_frame * chain->dim, sizeof(float),
              failure) ||
        !feature_chain_frames(chain, x, n, scratch->frame, failure))
        return false;
    if (chain->is_log_mel && draw->warp != 0)
        bands_warp(scratch->frame, n_frame, chain->dim, draw->warp);
    if (chain->is_log_mel && draw->tilt_nats != 0)
        bands_tilt(scratch->frame, n_frame, chain->dim, draw->tilt_nats);
    return feature_chain_normalise(chain, scratch->frame, n_frame, v, failure);
}

/* Labels of units are where their audio is; the audio lost its first samples. With an even stride
   the middle of a unit is where a frame begins. */
static struct label_grid grid_of(const struct examples *examples, const struct speed *speed,
                                 size_t i, bool is_alignment)
{
    const struct feature_chain *chain = examples->chain;
    const struct recording *recording = &examples->recordings->recording[i];
    struct label_grid grid = {.begin = (int64_t)recording->first,
                              .hop_samples = chain->hop_samples * (speed ? speed->step : 1),
                              .steps = speed ? speed->steps : 1, .rate_hz = chain->rate_hz};
    bool is_even = examples->stride > 0 && examples->stride % 2 == 0;
    if (!is_alignment) grid.begin += shift_of(examples, recording);
    if (is_even && grid.rate_hz > 0) grid.begin -= grid.hop_samples / (2 * grid.steps);
    return grid;
}

static bool make_labels(const struct examples *examples, const struct speed *speed, size_t i,
                        size_t n_frame, const struct example_place *place,
                        struct failure *failure)
{
    for (size_t h = 0; h < examples->n_head; h++) {
        bool is_alignment = label_head_is_alignment(examples->head[h]);
        struct label_grid grid = grid_of(examples, speed, i, is_alignment);
        int64_t found = examples->found[i * examples->n_head + h];
        int32_t *label = place->label[h] + place->first;
        for (size_t k = 0; found == LABEL_NONE && k < n_frame; k++) label[k] = LABEL_NONE;
        if (found != LABEL_NONE &&
            !label_head_fill(examples->head[h], found, &grid, label, n_frame, failure))
            return false;
    }
    return true;
}

bool example_has_label(const struct examples *examples, size_t i, size_t head, bool *has,
                       struct failure *failure)
{
    const struct label_head *labels = examples->head[head];
    int64_t found = examples->found[i * examples->n_head + head];
    *has = false;
    if (found == LABEL_NONE) return true;
    size_t n_frame = feature_chain_count(examples->chain, samples_of(examples, i, NULL));
    struct label_grid grid = grid_of(examples, NULL, i, label_head_is_alignment(labels));
    int32_t *label = zeroed(n_frame, sizeof *label, failure);
    bool good = label && label_head_fill(labels, found, &grid, label, n_frame, failure);
    for (size_t k = 0; good && k < n_frame; k++) *has |= label[k] != LABEL_NONE;
    free(label);
    return good;
}

static bool make_speech(const struct examples *examples, struct example_scratch *scratch,
                        const struct augmentation_draw *draw, size_t i,
                        struct example_place *place, struct failure *failure)
{
    size_t n;
    const float *dry, *wet;
    if (!make_dry(examples, scratch, draw, i, &dry, &n, failure) ||
        !make_wet(examples, scratch, draw, dry, n, &wet, failure) ||
        !make_input(examples, scratch, draw, wet, n, place->v, failure))
        return false;
    size_t n_frame = feature_chain_count(examples->chain, n);
    if (place->clean && wet == dry)
        memcpy(place->clean, place->v, n_frame * examples->chain->dim * sizeof(float));
    else if (place->clean &&
             !make_input(examples, scratch, draw, dry, n, place->clean, failure))
        return false;
    return make_labels(examples, speed_of(examples, draw), i, n_frame, place, failure);
}

static bool make_vectors(const struct examples *examples, struct example_scratch *scratch,
                         size_t i, struct example_place *place, struct failure *failure)
{
    size_t n = examples->recordings->recording[i].n;
    if (!feature_chain_normalise(examples->chain, scratch->x, n, place->v, failure)) return false;
    if (place->clean) memcpy(place->clean, place->v, n * examples->chain->dim * sizeof(float));
    return make_labels(examples, NULL, i, n, place, failure);
}

bool example_make(const struct examples *examples, struct example_scratch *scratch, uint32_t epoch,
                  size_t i, struct example_place *place, struct failure *failure)
{
    const struct recordings *recordings = examples->recordings;
    struct augmentation_draw draw;
    draw_of(examples, epoch, i, &draw);
    place->mask_seed = draw.mask_seed;
    if (!grow(&scratch->x, &scratch->x_capacity, recordings->recording[i].n * recordings->dim,
              sizeof(float), failure) ||
        !recording_get(recordings, i, scratch->x, failure))
        return false;
    struct failure why;
    bool good = recordings->rate_hz > 0
                    ? make_speech(examples, scratch, &draw, i, place, &why)
                    : make_vectors(examples, scratch, i, place, &why);
    if (good || why.code == EXIT_INTERNAL) return good || fail(failure, why.code, "%s", why.text);
    return fail(failure, why.code, "%s: %s", utterance_label(recording_utterance(recordings, i)),
                why.text);
}

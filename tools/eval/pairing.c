/* SPDX-License-Identifier: MIT */
#include "tools/eval/pairing.h"

#include "tools/base/growing.h"

#include <stdlib.h>

enum { SECOND_US = 1000000 };

/* (2 us rate - H) / 2H with H = hop * 1e6, rounded down, with a remainder in [0, 2H). The whole
   hops in the whole seconds are subtracted first, so that nothing overflows. */
static int64_t centre_index(int64_t us, uint32_t hop_samples, uint32_t rate_hz, int64_t *rest)
{
    int64_t hop = hop_samples, rate = rate_hz, two_hops = 2 * hop * SECOND_US;
    int64_t samples = us / SECOND_US * rate, rest_us = us % SECOND_US;
    int64_t numerator = samples % hop * 2 * SECOND_US + 2 * rest_us * rate - hop * SECOND_US;
    int64_t whole = numerator / two_hops;
    *rest = numerator % two_hops;
    if (*rest < 0) {
        *rest += two_hops;
        whole--;
    }
    return samples / hop + whole;
}

int64_t frame_from_time(int64_t us, uint32_t hop_samples, uint32_t rate_hz)
{
    int64_t rest, whole = centre_index(us, hop_samples, rate_hz, &rest);
    return rest ? whole + 1 : whole;
}

int64_t frame_after_time(int64_t us, uint32_t hop_samples, uint32_t rate_hz)
{
    int64_t rest;
    return centre_index(us, hop_samples, rate_hz, &rest) + 1;
}

void label_frames(const struct aligned_utterance *utterance, uint32_t hop_samples,
                  uint32_t rate_hz, uint32_t *label, size_t n_frame)
{
    for (size_t i = 0; i < n_frame; i++) label[i] = NO_LABEL;
    for (size_t k = 0; k < utterance->n_interval; k++) {
        const struct phone_interval *interval = &utterance->interval[k];
        int64_t i = frame_from_time(interval->start_us, hop_samples, rate_hz);
        int64_t end = frame_from_time(interval->end_us, hop_samples, rate_hz);
        for (i = i > 0 ? i : 0; i < end && (uint64_t)i < n_frame; i++) label[i] = interval->label;
    }
}

bool pairing_check(struct pairing *pairing, uint32_t hop_samples, uint32_t rate_hz,
                   struct failure *failure)
{
    if (!pairing->grid_us) {
        pairing->upsample = 1;
        return true;
    }
    if (pairing->upsample) return true;
    uint64_t hop = (uint64_t)hop_samples * SECOND_US, grid = (uint64_t)pairing->grid_us * rate_hz;
    if (hop % grid)
        return fail(failure, EXIT_USAGE,
                    "--grid %u does not divide the hop of %u samples at %u Hz; give --upsample N",
                    pairing->grid_us, hop_samples, rate_hz);
    pairing->upsample = (uint32_t)(hop / grid);
    return true;
}

/* The length of the label sequence of HuBERT's pairing. */
static size_t grid_length(const struct aligned_utterance *phones, uint32_t grid_us)
{
    int64_t end = phones->n_interval ? phones->interval[phones->n_interval - 1].end_us : 0;
    return end > 0 ? (size_t)(end / grid_us) : 0;
}

static size_t padded_length(const struct pairing *pairing, size_t n_frame)
{
    if (!n_frame || !pairing->grid_us) return n_frame;
    return (n_frame + 2 * (size_t)pairing->pad) * pairing->upsample;
}

/* Unit i of the unit sequence of HuBERT's pairing. */
static uint32_t padded_unit(const struct pairing *pairing, const struct unit_utterance *units,
                            size_t i)
{
    if (!pairing->grid_us) return units->symbol[i];
    i /= pairing->upsample;
    i = i > pairing->pad ? i - pairing->pad : 0;
    return units->symbol[i < units->n_frame ? i : units->n_frame - 1];
}

bool pair_utterance(const struct pairing *pairing, const struct unit_utterance *units,
                    uint32_t hop_samples, uint32_t rate_hz,
                    const struct aligned_utterance *phones, struct paired *paired,
                    struct failure *failure)
{
    size_t n_unit = padded_length(pairing, units->n_frame);
    size_t n_label = pairing->grid_us ? grid_length(phones, pairing->grid_us) : n_unit;
    size_t n = n_unit < n_label ? n_unit : n_label;
    if (!grow(&paired->unit, &paired->unit_capacity, n, sizeof *paired->unit, failure) ||
        !grow(&paired->label, &paired->label_capacity, n, sizeof *paired->label, failure))
        return false;
    if (pairing->grid_us) label_frames(phones, pairing->grid_us, SECOND_US, paired->label, n);
    else label_frames(phones, hop_samples, rate_hz, paired->label, n);
    paired->n = paired->unlabelled_frames = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t unit = padded_unit(pairing, units, i);
        if (unit == NO_UNIT) continue;
        if (paired->label[i] == NO_LABEL) {
            paired->unlabelled_frames++;
            continue;
        }
        paired->label[paired->n] = paired->label[i];
        paired->unit[paired->n++] = unit;
    }
    paired->trimmed_frames = n_unit > n_label ? n_unit - n_label : n_label - n_unit;
    return true;
}

void paired_clear(struct paired *paired)
{
    free(paired->unit);
    free(paired->label);
    *paired = (struct paired){0};
}

/* SPDX-License-Identifier: MIT */
#include "tools/learn/signal_change.h"

#include "tools/base/growing.h"
#include "tools/base/rng.h"
#include "tools/learn/elementary.h"
#include "tools/learn/lane_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PULSE_HZ = 1500, BLOCK = 4096 };
static const float LN_10 = 2.30258509f;
static const double FIRST_S = .002;

struct pulse {
    size_t delay; /* samples */
    float weight;
};

void signal_gain(float *x, size_t n, float gain_db)
{
    float factor = exact_exp(LN_10 / 20 * gain_db);
    for (size_t i = 0; i < n; i++) x[i] *= factor;
}

static double energy(const float *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
    return sum;
}

static double energy_from(const float *noise, size_t n_noise, size_t at, size_t n)
{
    double all = energy(noise, n_noise), sum = 0;
    size_t turns = n / n_noise, rest = n % n_noise;
    size_t to_end = n_noise - at < rest ? n_noise - at : rest;
    sum = all * (double)turns + energy(noise + at, to_end) + energy(noise, rest - to_end);
    return sum;
}

void signal_add_noise(float *x, size_t n, const float *noise, size_t n_noise, uint64_t seed,
                      float snr_db)
{
    struct rng rng;
    rng_start(&rng, seed, RNG_AUGMENT, 0);
    size_t at = (size_t)rng_below(&rng, n_noise);
    double speech = energy(x, n), added = energy_from(noise, n_noise, at, n);
    if (speech == 0 || added == 0) return;
    float factor = (float)sqrt(speech / added * (double)exact_exp(-LN_10 / 10 * snr_db));
    for (size_t i = 0; i < n; i++) {
        x[i] += factor * noise[at];
        at = at + 1 < n_noise ? at + 1 : 0;
    }
}

/* Puts one pulse at a random time within each 1/1500 s. */
static void make_tail(struct pulse *pulse, size_t n, uint32_t rate_hz, uint64_t seed, float rt60_s,
                      float tail_db)
{
    struct rng rng;
    double sum = 0;
    rng_start(&rng, seed, RNG_AUGMENT, 1);
    for (size_t i = 0; i < n; i++) {
        double t = FIRST_S + ((double)i + rng_unit(&rng)) / PULSE_HZ;
        float weight = exact_exp(-3 * LN_10 * (float)t / rt60_s);
        pulse[i].delay = (size_t)(t * rate_hz + .5);
        pulse[i].weight = rng_next(&rng) >> 63 ? weight : -weight;
        sum += (double)weight * (double)weight;
    }
    float scale = (float)sqrt((double)exact_exp(LN_10 / 10 * tail_db) / sum);
    for (size_t i = 0; i < n; i++) pulse[i].weight *= scale;
}

static void add_pulse(const struct lane_table *lanes, float *y, const float *x, size_t begin,
                      size_t end, struct pulse pulse)
{
    if (begin < pulse.delay) begin = pulse.delay;
    if (begin < end)
        lanes->add_scaled(x + begin - pulse.delay, end - begin, pulse.weight, y + begin);
}

bool signal_add_room(float *y, const float *x, size_t n, uint32_t rate_hz, uint64_t seed,
                     float rt60_s, float tail_db, struct failure *failure)
{
    const struct lane_table *lanes = lane_table_best();
    size_t n_pulse = (size_t)((double)rt60_s * PULSE_HZ) + 1;
    struct pulse *pulse = zeroed(n_pulse, sizeof *pulse, failure);
    if (!pulse) return false;
    make_tail(pulse, n_pulse, rate_hz, seed, rt60_s, tail_db);
    memcpy(y, x, n * sizeof *y);
    for (size_t begin = 0; begin < n; begin += BLOCK) /* the part of x stays in the cache */
        for (size_t k = 0; k < n_pulse; k++)
            add_pulse(lanes, y, x, begin, begin + BLOCK < n ? begin + BLOCK : n, pulse[k]);
    free(pulse);
    return true;
}

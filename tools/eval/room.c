/* SPDX-License-Identifier: MIT */
#include "tools/eval/room.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct pulse {
    size_t delay; /* samples */
    double weight;
};

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u; /* splitmix64 */
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Puts one pulse at a random time within each 1/1500 s. */
static void make_tail(struct pulse *pulse, size_t n, double rate_hz, double rt60_s)
{
    static const double first_s = 0.002, step_s = 1.0 / 1500;
    uint64_t random = 1;
    double energy = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t r = next_random(&random);
        double place = (double)(r >> 11) / 9007199254740992.0; /* 2^53 */
        double t = first_s + ((double)i + place) * step_s;
        double weight = pow(10, -3 * t / rt60_s);
        pulse[i] = (struct pulse){(size_t)(t * rate_hz + 0.5), r & 1 ? weight : -weight};
        energy += weight * weight;
    }
    for (size_t i = 0; i < n; i++) pulse[i].weight /= sqrt(energy);
}

static void add_tail(float *x, const float *dry, size_t n_sample, const struct pulse *pulse,
                     size_t n_pulse)
{
    for (size_t k = 0; k < n_pulse; k++) {
        float weight = (float)pulse[k].weight;
        for (size_t i = pulse[k].delay; i < n_sample; i++)
            x[i] += weight * dry[i - pulse[k].delay];
    }
}

bool room_apply(struct samples *samples, double rt60_s, struct failure *failure)
{
    size_t n_pulse = (size_t)(rt60_s * 1500);
    struct pulse *pulse = zeroed(n_pulse, sizeof *pulse, failure);
    float *dry = zeroed(samples->n, sizeof *dry, failure);
    bool good = pulse && dry;
    if (good && samples->n) {
        memcpy(dry, samples->x, samples->n * sizeof *dry);
        make_tail(pulse, n_pulse, samples->rate_hz, rt60_s);
        add_tail(samples->x, dry, samples->n, pulse, n_pulse);
    }
    free(pulse);
    free(dry);
    return good;
}

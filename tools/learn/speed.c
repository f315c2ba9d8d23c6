/* SPDX-License-Identifier: MIT */
#include "tools/learn/speed.h"

#include "tools/base/growing.h"
#include "tools/learn/elementary.h"

#include <math.h>
#include <stdlib.h>

enum { LANES = 8, CROSSINGS = 16 /* zeros of the sinc to each side */ };
static const double PI = 3.14159265358979323846;
static const double PASS = .95; /* of the lower of the two Nyquist frequencies */

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b > 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The sinc of cutoff c under a Hann window, at t samples. */
static double kernel(double c, double t)
{
    double reach = CROSSINGS / c, turn = PI * c * t;
    if (fabs(t) >= reach) return 0;
    double window = .5 + .5 * exact_cos(PI * t / reach);
    double sinc = turn == 0 ? 1 : exact_cos(turn - PI / 2) / turn;
    return c * sinc * window;
}

/* The taps of one phase add up to 1, so that the level stays. */
static void make_phase(const struct speed *speed, double c, uint32_t phase)
{
    float *tap = speed->tap + phase * speed->n_tap;
    double at = (double)phase / speed->steps, sum = 0;
    for (uint32_t k = 0; k < speed->n_tap; k++)
        sum += kernel(c, (double)k + 1 - speed->half - at);
    for (uint32_t k = 0; k < speed->n_tap; k++)
        tap[k] = (float)(kernel(c, (double)k + 1 - speed->half - at) / sum);
}

bool speed_make(struct speed *speed, uint32_t percent, struct failure *failure)
{
    uint32_t divisor = common_divisor(percent, 100);
    *speed = (struct speed){.step = percent / divisor, .steps = 100 / divisor};
    double c = percent > 100 ? PASS * 100 / percent : PASS;
    speed->half = (uint32_t)(CROSSINGS / c) + 1;
    speed->n_tap = (2 * speed->half + LANES - 1) / LANES * LANES;
    speed->tap = zeroed((size_t)speed->steps * speed->n_tap, sizeof *speed->tap, failure);
    for (uint32_t phase = 0; speed->tap && phase < speed->steps; phase++)
        make_phase(speed, c, phase);
    return speed->tap != NULL;
}

void speed_clear(struct speed *speed)
{
    free(speed->tap);
    *speed = (struct speed){0};
}

size_t speed_length(const struct speed *speed, size_t n)
{
    return (n * speed->steps + speed->step / 2) / speed->step;
}

/* One order of sums, whatever the vectors of the machine: eight sums, then these from the left. */
static float dot(const float *x, const float *tap, uint32_t n)
{
    float lane[LANES] = {0}, sum = 0;
    for (uint32_t k = 0; k < n; k += LANES)
        for (uint32_t l = 0; l < LANES; l++) lane[l] += x[k + l] * tap[k + l];
    for (uint32_t l = 0; l < LANES; l++) sum += lane[l];
    return sum;
}

/* The same near the ends of the signal. */
static float dot_at_end(const float *x, size_t n, int64_t first, const float *tap, uint32_t n_tap)
{
    float lane[LANES] = {0}, sum = 0;
    for (uint32_t k = 0; k < n_tap; k++) {
        int64_t at = first + k;
        if (at >= 0 && (uint64_t)at < n) lane[k % LANES] += x[at] * tap[k];
    }
    for (uint32_t l = 0; l < LANES; l++) sum += lane[l];
    return sum;
}

void speed_apply(const struct speed *speed, const float *x, size_t n, float *y)
{
    size_t n_out = speed_length(speed, n);
    for (size_t j = 0; j < n_out; j++) {
        size_t position = j * speed->step;
        const float *tap = speed->tap + position % speed->steps * speed->n_tap;
        int64_t first = (int64_t)(position / speed->steps) + 1 - speed->half;
        bool inside = first >= 0 && (uint64_t)first + speed->n_tap <= n;
        y[j] = inside ? dot(x + first, tap, speed->n_tap)
                      : dot_at_end(x, n, first, tap, speed->n_tap);
    }
}

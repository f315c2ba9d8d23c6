/* SPDX-License-Identifier: MIT */
#include "tools/learn/speed.h"

#include "tools/base/growing.h"
#include "tools/learn/elementary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CROSSINGS = 16 }; /* zeros of the sinc to each side */
enum { MOST_IN = 256, MOST_COLUMNS = 128 };
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
    double sinc = turn == 0 ? 1 : exact_sin(turn) / turn;
    return c * sinc * (.5 + .5 * exact_cos(PI * t / reach));
}

/* The taps of one result add up to 1, so that the level stays. */
static void make_column(struct speed *speed, double c, uint32_t column, size_t tile)
{
    double at = (double)(column * speed->step) / speed->steps + speed->before, sum = 0;
    float *to = speed->panel + column / tile * speed->n_in * tile + column % tile;
    for (uint32_t k = 0; k < speed->n_in; k++) sum += kernel(c, k - at);
    for (uint32_t k = 0; k < speed->n_in; k++) to[k * tile] = (float)(kernel(c, k - at) / sum);
}

bool speed_make(struct speed *speed, uint32_t percent, struct failure *failure)
{
    uint32_t divisor = common_divisor(percent, 100);
    const struct lane_table *lanes = lane_table_best();
    size_t tile = lanes->tile_columns;
    *speed = (struct speed){.step = percent / divisor, .steps = 100 / divisor, .lanes = lanes};
    double c = percent > 100 ? PASS * 100 / percent : PASS;
    speed->before = (uint32_t)(CROSSINGS / c);
    speed->n_in = 2 * speed->before + speed->step + 1;
    speed->n_column = (speed->steps + tile - 1) / tile * tile;
    speed->panel = zeroed(speed->n_in * speed->n_column, sizeof *speed->panel, failure);
    for (uint32_t i = 0; speed->panel && i < speed->steps; i++) make_column(speed, c, i, tile);
    return speed->panel != NULL;
}

void speed_clear(struct speed *speed)
{
    free(speed->panel);
    *speed = (struct speed){0};
}

size_t speed_length(const struct speed *speed, size_t n)
{
    return (n * speed->steps + speed->step / 2) / speed->step;
}

/* Computes TILE_ROWS turns, but no more than n_left results; x is the first sample they need. */
static void compute(const struct speed *speed, const float *x, float *y, size_t n_left)
{
    const struct lane_table *lanes = speed->lanes;
    float result[TILE_ROWS * MOST_COLUMNS];
    for (size_t i = 0; i < speed->n_column; i += lanes->tile_columns)
        lanes->tile(TILE_ROWS, speed->n_in, x, speed->step, 1, speed->panel + i * speed->n_in,
                    result + i, speed->n_column, false);
    for (size_t i = 0; i < TILE_ROWS; i++) {
        size_t n = n_left < speed->steps ? n_left : speed->steps;
        memcpy(y, result + i * speed->n_column, n * sizeof *y);
        y += n;
        n_left -= n;
    }
}

/* Returns n_need samples from `first` on, in x[n] or, near its ends, copied with zeros outside. */
static const float *window(const float *x, size_t n, int64_t first, size_t n_need, float *copy)
{
    if (first >= 0 && (size_t)first + n_need <= n) return x + first;
    for (size_t i = 0; i < n_need; i++) {
        int64_t at = first + (int64_t)i;
        copy[i] = at >= 0 && (size_t)at < n ? x[at] : 0;
    }
    return copy;
}

void speed_apply(const struct speed *speed, const float *x, size_t n, float *y)
{
    size_t n_out = speed_length(speed, n), n_need = (TILE_ROWS - 1) * speed->step + speed->n_in;
    float copy[(TILE_ROWS - 1) * SPEED_MOST + MOST_IN];
    for (size_t turn = 0; turn * speed->steps < n_out; turn += TILE_ROWS) {
        int64_t first = (int64_t)(turn * speed->step) - speed->before;
        size_t done = turn * speed->steps;
        compute(speed, window(x, n, first, n_need, copy), y + done, n_out - done);
    }
}

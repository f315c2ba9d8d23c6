/* SPDX-License-Identifier: MIT */
/* The reference of the encoder's kernels: the definition as it is written. */
#include "src/kernel/encoder_kernel.h"

#include <math.h>

static int32_t clamp(int32_t x, int32_t low, int32_t high)
{
    return x < low ? low : x > high ? high : x;
}

static void input(const float *v, size_t n, int8_t *a)
{
    for (size_t i = 0; i < n; i++) {
        float x = v[i] * 32.0f;
        x = x > -127.0f ? x : -127.0f;
        x = x < 127.0f ? x : 127.0f;
        a[i] = (int8_t)rintf(x);
    }
}

static int32_t sum_of(const int8_t *weight, const struct dense *dense, const int8_t *x,
                      size_t chunk_step)
{
    int32_t sum = 0;
    for (size_t c = 0; c < dense->n_chunk; c++, x += chunk_step)
        for (size_t k = 0; k < dense->n_column; k++) sum += *weight++ * x[k];
    return sum;
}

static int32_t requantized(const struct dense *dense, size_t row, const int8_t *x,
                           size_t chunk_step)
{
    const int8_t *weight = dense->weight + row * dense->n_chunk * dense->n_column;
    int64_t sum = dense->bias[row] + sum_of(weight, dense, x, chunk_step);
    int64_t half = (int64_t)1 << (dense->shift - 1);
    return (int32_t)((sum * dense->multiplier[row] + half) >> dense->shift);
}

static void dense_i8(const struct dense *dense, const struct activations *in, int8_t *y,
                     size_t y_step)
{
    for (size_t i = 0; i < in->n; i++, y += y_step)
        for (size_t r = 0; r < dense->n_row; r++)
            y[r] = (int8_t)clamp(
                requantized(dense, r, in->x + i * in->frame_step, in->chunk_step), 0, 127);
}

static void dense_i16(const struct dense *dense, const struct activations *in, int16_t *y,
                      size_t y_step)
{
    for (size_t i = 0; i < in->n; i++, y += y_step)
        for (size_t r = 0; r < dense->n_row; r++)
            y[r] = (int16_t)clamp(
                requantized(dense, r, in->x + i * in->frame_step, in->chunk_step), INT16_MIN,
                INT16_MAX);
}

/* S(p): the logistic function, p in steps of 2^-11, result in Q15. */
static int32_t logistic(int32_t p)
{
    int32_t q = clamp(p, -16384, 16383) + 16384, i = q >> 7, f = q & 127;
    int32_t t = voq_logistic_table[i];
    return t + (((voq_logistic_table[i + 1] - t) * f + 64) >> 7);
}

static void gates(const int16_t *gi, const int16_t *gh, size_t n, int16_t *h, int8_t *h8)
{
    for (size_t i = 0; i < n; i++) {
        int32_t r = logistic(gi[i] + gh[i]), z = logistic(gi[n + i] + gh[n + i]);
        int32_t p = gi[2 * n + i] + ((r * gh[2 * n + i] + 16384) >> 15);
        int32_t candidate = logistic(2 * p) - 16384;
        int32_t state = candidate + ((z * (h[i] - candidate) + 16384) >> 15);
        h[i] = (int16_t)state;
        h8[i] = (int8_t)clamp((state + 64) >> 7, -127, 127);
    }
}

static void latent(const int16_t *p, size_t n, float *z)
{
    for (size_t i = 0; i < n; i++) z[i] = (float)(logistic(2 * p[i]) - 16384) / 16384.0f;
}

const struct encoder_kernel voq_encoder_scalar = {
    .name = "scalar",
    .group_rows = 1,
    .input = input,
    .dense_i8 = dense_i8,
    .dense_i16 = dense_i16,
    .gates = gates,
    .latent = latent,
};

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

/* Four rows at a time, since each activation is read once for all of them. */
static void sums_of(const struct dense *dense, size_t row, const int8_t *x, size_t chunk_step,
                    int32_t sum[4])
{
    size_t n_weight = dense->n_chunk * dense->n_column;
    const int8_t *w0 = dense->weight + row * n_weight, *w1 = w0 + n_weight;
    const int8_t *w2 = w1 + n_weight, *w3 = w2 + n_weight;
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    for (size_t c = 0; c < dense->n_chunk; c++, x += chunk_step)
        for (size_t k = 0; k < dense->n_column; k++) {
            int32_t a = x[k];
            s0 += a * *w0++;
            s1 += a * *w1++;
            s2 += a * *w2++;
            s3 += a * *w3++;
        }
    sum[0] = s0;
    sum[1] = s1;
    sum[2] = s2;
    sum[3] = s3;
}

static int32_t requantized(const struct dense *dense, size_t row, int32_t sum)
{
    int64_t half = (int64_t)1 << (dense->shift - 1), biased = (int64_t)sum + dense->bias[row];
    return (int32_t)((biased * dense->multiplier[row] + half) >> dense->shift);
}

#define DENSE(name, number, low, high)                                                             \
    static void name(const struct dense *dense, const struct activations *in, number *y,           \
                     size_t y_step)                                                                \
    {                                                                                              \
        int32_t sum[4];                                                                            \
        for (size_t i = 0; i < in->n; i++, y += y_step)                                            \
            for (size_t row = 0; row < dense->n_row; row += 4) {                                   \
                sums_of(dense, row, in->x + i * in->frame_step, in->chunk_step, sum);              \
                for (size_t r = 0; r < 4; r++)                                                     \
                    y[row + r] = (number)clamp(requantized(dense, row + r, sum[r]), low, high);    \
            }                                                                                      \
    }
DENSE(dense_i8, int8_t, 0, 127)
DENSE(dense_i16, int16_t, INT16_MIN, INT16_MAX)

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

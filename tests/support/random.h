/* SPDX-License-Identifier: MIT */
/* Numbers that are the same on every machine and with every compiler. */
#ifndef VOQ_TESTS_RANDOM_H
#define VOQ_TESTS_RANDOM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* splitmix64 */
static inline uint64_t random_u64(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/* 0 to n-1 */
static inline size_t random_below(uint64_t *state, size_t n)
{
    return (size_t)(random_u64(state) % n);
}

/* Within +-1, on a grid of 2^-23, so that nothing is rounded. */
static inline float random_float(uint64_t *state)
{
    return (float)((int64_t)(random_u64(state) >> 40) - (1 << 23)) / (float)(1 << 23);
}

/* Roughly normal, variance 1; a sum of exact numbers with one rounding. */
static inline float random_normal(uint64_t *state)
{
    double sum = 0.0;
    for (int i = 0; i < 12; i++) sum += (double)(random_u64(state) >> 40) / (double)(1 << 24);
    return (float)(sum - 6.0);
}

/* Any bit pattern that is a finite number. */
static inline float random_finite(uint64_t *state)
{
    uint32_t bits;
    do bits = (uint32_t)random_u64(state);
    while ((bits & 0x7f800000U) == 0x7f800000U);
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

/* Speech-like sound in integer arithmetic: pulses of varying pitch through three resonances, breath
   noise, syllables and pauses. */
static inline void random_speech(uint64_t seed, int16_t *x, size_t n)
{
    static const int32_t turn[3][2] = {{31900, -15700}, {27800, -15400}, {14000, -15100}};
    int32_t past[3][2] = {{0}};
    uint32_t phase = 0;
    for (size_t i = 0; i < n; i++) {
        size_t syllable = i / 3200;
        int32_t loudness = (int32_t)((syllable * 37 + seed * 11) % 5) * 60;
        int32_t vowel = (int32_t)((syllable * 53 + seed * 7) % 9) * 300;
        uint32_t pitch = 110 + (uint32_t)((i / 800 * 29 + seed * 13) % 60);
        int32_t noise = (int32_t)(random_u64(&seed) >> 58) - 32;
        phase += pitch;
        int32_t s = loudness / 8 * noise / 4;
        if (phase >= 16000) {
            phase -= 16000;
            s += loudness * 8;
        }
        for (int k = 0; k < 3; k++) {
            int32_t a = turn[k][0] - (k == 1 ? vowel : 0);
            int64_t y = s + ((int64_t)a * past[k][0] + (int64_t)turn[k][1] * past[k][1]) / 16384;
            past[k][1] = past[k][0];
            past[k][0] = y > 30000 ? 30000 : y < -30000 ? -30000 : (int32_t)y;
            s = past[k][0] / 2;
        }
        x[i] = (int16_t)(s > 32767 ? 32767 : s < -32768 ? -32768 : s);
    }
}

static inline void floats_of(const int16_t *x, size_t n, float *y)
{
    for (size_t i = 0; i < n; i++) y[i] = (float)x[i] / 32768.0f;
}

#endif

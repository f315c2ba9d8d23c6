/* SPDX-License-Identifier: MIT */
/* The kernel tables of this machine, raced against the scalar one. */
#ifndef VOQ_TESTS_VARIANTS_H
#define VOQ_TESTS_VARIANTS_H

#include "src/kernel/kernel.h"
#include "tests/support/check.h"
#include "tests/support/guard.h"
#include "tests/support/random.h"

#include "voq.h"

#include <float.h>
#include <math.h>

enum fill { FILL_RANDOM, FILL_DENORMAL, FILL_HUGE, FILL_EQUAL, FILL_MIXED, N_FILL };

static inline float fill_value(enum fill fill, uint64_t *seed)
{
    switch (fill) {
    case FILL_RANDOM: return random_normal(seed);
    case FILL_DENORMAL: return random_float(seed) * FLT_MIN;
    case FILL_HUGE: return random_float(seed) * FLT_MAX;
    case FILL_EQUAL: return 0.7310585f;
    default: return random_finite(seed);
    }
}

static inline void fill_array(enum fill fill, uint64_t *seed, float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) x[i] = fill_value(fill, seed);
}

/* Vector lanes may keep another NaN than the scalar unit: which NaN is no part of the promise. */
static inline bool same_floats(const char *what, const struct kernel *k, const float *got,
                               const float *expected, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool both_nan = got[i] != got[i] && expected[i] != expected[i];
        if (both_nan || memcmp(&got[i], &expected[i], 4) == 0) continue;
        printf("# %s %s[%zu]: %a, scalar %a\n", k->name, what, i, (double)got[i],
               (double)expected[i]);
        return false;
    }
    return true;
}

/* Value n of lane `lane` of x[n][lane], as a list of its own. */
static inline void lane_of(const float *x, size_t n, size_t n_lane, size_t lane, float *out)
{
    for (size_t i = 0; i < n; i++) out[i] = x[i * n_lane + lane];
}

/* Calls f for every table but the scalar one. */
static inline void each_variant(bool (*f)(const struct kernel *k))
{
    static const voq_cpu cpus[] = {VOQ_CPU_SCALAR, VOQ_CPU_SSE2, VOQ_CPU_AVX2, VOQ_CPU_AVX512,
                                   VOQ_CPU_NEON,   VOQ_CPU_WASM};
    size_t n = 0;
    for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++) {
        const struct kernel *k = voq_kernel_for((int)cpus[i]);
        if (!k) continue;
        n++;
        CHECK(f(k));
    }
    CHECK(n >= 1);
}

#endif

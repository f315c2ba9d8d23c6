/* SPDX-License-Identifier: MIT */
#include "tools/base/rng.h"

#include "tools/base/hash_stream.h"

static uint64_t splitmix64(uint64_t *state)
{
    return splitmix64_mix(*state += 0x9e3779b97f4a7c15u);
}

static uint64_t rotate_left(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

void rng_start(struct rng *rng, uint64_t seed, enum rng_purpose purpose, uint32_t part)
{
    uint64_t state = seed;
    uint64_t stream = (uint64_t)purpose << 32 | part;
    state = splitmix64(&state) ^ splitmix64(&stream);
    for (int i = 0; i < 4; i++) rng->s[i] = splitmix64(&state);
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->s;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t rng_below(struct rng *rng, uint64_t n)
{
    /* The lowest 2^64 mod n values would make some results likelier: they are drawn again. */
    uint64_t reject = (0 - n) % n, x;
    do x = rng_next(rng);
    while (x < reject);
    return x % n;
}

double rng_unit(struct rng *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

/* SPDX-License-Identifier: MIT */
/* Random numbers by index: number i is a hash of (key, i), so that threads may draw any numbers in
   any order. The hash is splitmix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom
   number generators"), whose i-th output is a function of its start and i alone. */
#ifndef VOQ_TOOLS_HASH_STREAM_H
#define VOQ_TOOLS_HASH_STREAM_H

#include "tools/base/rng.h"

struct hash_stream {
    uint64_t key;
};

static inline uint64_t splitmix64_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline void hash_stream_start(struct hash_stream *stream, uint64_t seed,
                                     enum rng_purpose purpose, uint32_t part)
{
    struct rng rng;
    rng_start(&rng, seed, purpose, part);
    stream->key = rng_next(&rng);
}

static inline uint64_t hash_stream_at(const struct hash_stream *stream, uint64_t i)
{
    return splitmix64_mix(stream->key + (i + 1) * 0x9e3779b97f4a7c15u);
}

/* Multiples of 2^-24 in [0, 1). */
static inline float hash_stream_unit(const struct hash_stream *stream, uint64_t i)
{
    return (float)(hash_stream_at(stream, i) >> 40) * 0x1p-24f;
}

#endif

/* SPDX-License-Identifier: MIT */
#include "src/model/sha256.h"

#include <string.h>

/* Fractional parts of the cube roots of the first 64 primes. */
const uint32_t voq_sha256_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void expand(const unsigned char *block, uint32_t w[64])
{
    for (size_t i = 0; i < 16; i++, block += 4)
        w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 |
               block[3];
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
}

/* One round. The caller turns the eight names by one instead of moving the values. */
static inline void turn(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f,
                        uint32_t g, uint32_t *h, uint32_t addend)
{
    uint32_t choose = (e & f) ^ (~e & g), majority = (a & b) ^ (a & c) ^ (b & c);
    uint32_t t = *h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choose + addend;
    *d += t;
    *h = t + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
}

static void compress(uint32_t state[8], const unsigned char *block)
{
    uint32_t w[64];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    expand(block, w);
    for (size_t i = 0; i < 64; i++) w[i] += voq_sha256_constant[i];
    for (const uint32_t *x = w; x < w + 64; x += 8) {
        turn(a, b, c, &d, e, f, g, &h, x[0]);
        turn(h, a, b, &c, d, e, f, &g, x[1]);
        turn(g, h, a, &b, c, d, e, &f, x[2]);
        turn(f, g, h, &a, b, c, d, &e, x[3]);
        turn(e, f, g, &h, a, b, c, &d, x[4]);
        turn(d, e, f, &g, h, a, b, &c, x[5]);
        turn(c, d, e, &f, g, h, a, &b, x[6]);
        turn(b, c, d, &e, f, g, h, &a, x[7]);
    }
    const uint32_t worked[8] = {a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < 8; i++) state[i] += worked[i];
}

void voq_sha256_plain(uint32_t state[8], const unsigned char *block, size_t n)
{
    for (; n > 0; n--, block += 64) compress(state, block);
}

void voq_sha256_begin(struct sha256 *sha)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(sha->state, start, sizeof start);
    sha->n_byte = 0;
    sha->blocks = voq_sha256_kernel();
    if (!sha->blocks) sha->blocks = voq_sha256_plain;
}

void voq_sha256_add(struct sha256 *sha, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    while (n) {
        size_t at = sha->n_byte % 64, take = 64 - at < n ? 64 - at : n;
        if (at == 0 && n >= 64) {
            take = n / 64 * 64;
            sha->blocks(sha->state, p, take / 64);
        } else {
            memcpy(sha->block + at, p, take);
            if (at + take == 64) sha->blocks(sha->state, sha->block, 1);
        }
        sha->n_byte += take;
        p += take;
        n -= take;
    }
}

void voq_sha256_end(struct sha256 *sha, unsigned char digest[32])
{
    static const unsigned char padding[64] = {0x80};
    unsigned char length[8];
    for (int i = 0; i < 8; i++) length[i] = (unsigned char)(sha->n_byte * 8 >> (56 - 8 * i));
    size_t at = sha->n_byte % 64;
    voq_sha256_add(sha, padding, at < 56 ? 56 - at : 120 - at);
    voq_sha256_add(sha, length, 8);
    for (size_t i = 0; i < 32; i++)
        digest[i] = (unsigned char)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}

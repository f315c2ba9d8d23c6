/* SPDX-License-Identifier: MIT */
#include "src/model/sha256.h"

#include <string.h>

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
    for (size_t i = 0; i < 64; i++) w[i] += sha256_constant[i];
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

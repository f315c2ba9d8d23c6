/* SPDX-License-Identifier: MIT */
#include "tools/base/content_hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Odd numbers without a pattern: the binary digits of the square roots of 2, 3, 5 and 7. */
static const uint64_t factor[4] = {0x6a09e667f3bcc909, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                   0xa54ff53a5f1d36f1};

void content_hash_begin(struct content_hash *hash)
{
    memset(hash, 0, sizeof *hash);
    memcpy(hash->lane, factor, sizeof factor);
}

static uint64_t mix(uint64_t lane, uint64_t word, uint64_t by)
{
    lane = (lane ^ word) * by;
    return lane ^ lane >> 29;
}

static void add_stripe(uint64_t lane[4], const unsigned char *stripe)
{
    uint64_t word[4];
    memcpy(word, stripe, sizeof word);
    for (int i = 0; i < 4; i++) lane[i] = mix(lane[i], word[i], factor[i]);
}

void content_hash_add(struct content_hash *hash, const void *bytes, size_t n)
{
    const unsigned char *from = bytes;
    size_t n_rest = hash->n_byte % CONTENT_HASH_STRIPE;
    hash->n_byte += n;
    if (n_rest > 0) {
        size_t room = CONTENT_HASH_STRIPE - n_rest, k = n < room ? n : room;
        if (k > 0) memcpy(hash->rest + n_rest, from, k);
        if (k < room) return;
        add_stripe(hash->lane, hash->rest);
        from += k;
        n -= k;
    }
    for (; n >= CONTENT_HASH_STRIPE; from += CONTENT_HASH_STRIPE, n -= CONTENT_HASH_STRIPE)
        add_stripe(hash->lane, from);
    if (n > 0) memcpy(hash->rest, from, n);
}

uint64_t content_hash_value(const struct content_hash *hash)
{
    uint64_t lane[4], value = hash->n_byte;
    unsigned char last[CONTENT_HASH_STRIPE] = {0};
    memcpy(lane, hash->lane, sizeof lane);
    memcpy(last, hash->rest, hash->n_byte % CONTENT_HASH_STRIPE);
    add_stripe(lane, last);
    for (int i = 0; i < 4; i++) {
        value = mix(value, lane[i], factor[i]);
        value = mix(value, value >> 32, factor[3 - i]);
    }
    return value;
}

int content_hash_add_file(struct content_hash *hash, int fd, uint64_t begin, uint64_t end)
{
    enum { BLOCK = 1 << 18 };
    unsigned char *block = malloc(BLOCK);
    int error = block ? 0 : ENOMEM;
    while (begin < end && !error) {
        size_t n = end - begin < BLOCK ? (size_t)(end - begin) : BLOCK;
        ssize_t k = pread(fd, block, n, (off_t)begin);
        if (k < 0 && errno == EINTR) continue;
        if (k <= 0) error = k < 0 ? errno : EIO;
        if (k > 0) content_hash_add(hash, block, (size_t)k);
        begin += k > 0 ? (uint64_t)k : 0;
    }
    free(block);
    return error;
}

/* SPDX-License-Identifier: MIT */
/* A 64-bit hash, at several GB/s, that detects whether content changed; it is not cryptographic.
   The value does not depend on how the bytes are divided. */
#ifndef VOQ_TOOLS_CONTENT_HASH_H
#define VOQ_TOOLS_CONTENT_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { CONTENT_HASH_STRIPE = 32 };

struct content_hash {
    uint64_t lane[4];
    uint64_t n_byte;
    unsigned char rest[CONTENT_HASH_STRIPE]; /* [n_byte % CONTENT_HASH_STRIPE] */
};

void content_hash_begin(struct content_hash *hash);
void content_hash_add(struct content_hash *hash, const void *bytes, size_t n);
uint64_t content_hash_value(const struct content_hash *hash); /* of all bytes so far */

/* Adds bytes [begin, end) of a file. Returns 0 or an errno; EIO: the file ends before `end`. */
int content_hash_add_file(struct content_hash *hash, int fd, uint64_t begin, uint64_t end);

#endif

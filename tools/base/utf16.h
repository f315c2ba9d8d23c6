/* SPDX-License-Identifier: MIT */
/* Converts UTF-16 to UTF-8, piece by piece. */
#ifndef VOQ_TOOLS_UTF16_H
#define VOQ_TOOLS_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct utf16 {
    bool is_big_endian;
    bool has_odd_byte;
    unsigned char odd_byte;  /* the first half of a code unit */
    uint32_t high_surrogate; /* 0: none without its other half */
};

/* Writes the characters that end within bytes[n] to `out`, which holds 2 n + 4 bytes, and adds
   their size to *n_out. Returns false at a surrogate without its other half. */
bool utf16_decode(struct utf16 *state, const unsigned char *bytes, size_t n, char *out,
                  size_t *n_out);

/* Whether all characters so far are whole. */
bool utf16_is_whole(const struct utf16 *state);

#endif

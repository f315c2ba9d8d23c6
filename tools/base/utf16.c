/* SPDX-License-Identifier: MIT */
#include "tools/base/utf16.h"

#include "tools/base/utf8.h"

static bool take_unit(struct utf16 *s, uint32_t unit, char *out, size_t *n_out)
{
    bool is_low = unit >= 0xDC00 && unit < 0xE000;
    if (is_low != (s->high_surrogate != 0)) return false;
    if (unit >= 0xD800 && unit < 0xDC00) {
        s->high_surrogate = unit;
        return true;
    }
    if (is_low) unit = 0x10000 + ((s->high_surrogate - 0xD800) << 10) + (unit - 0xDC00);
    s->high_surrogate = 0;
    *n_out += utf8_encode(unit, out + *n_out);
    return true;
}

bool utf16_decode(struct utf16 *s, const unsigned char *bytes, size_t n, char *out, size_t *n_out)
{
    for (size_t i = 0; i < n; i++) {
        if (!s->has_odd_byte) {
            s->odd_byte = bytes[i];
            s->has_odd_byte = true;
            continue;
        }
        unsigned high = s->is_big_endian ? s->odd_byte : bytes[i];
        unsigned low = s->is_big_endian ? bytes[i] : s->odd_byte;
        s->has_odd_byte = false;
        if (!take_unit(s, high << 8 | low, out, n_out)) return false;
    }
    return true;
}

bool utf16_is_whole(const struct utf16 *s)
{
    return !s->has_odd_byte && !s->high_surrogate;
}

/* SPDX-License-Identifier: MIT */
#include "tools/audio/sample_layout.h"

#include <stdio.h>

enum { LOOK_SAMPLES = 4096, WIDEST = 4 };

static uint32_t needed_bytes(const struct wave_header *header)
{
    return (header->bits + 7) / 8;
}

static bool is_sign_above(const unsigned char *sample, uint32_t needed, uint32_t n)
{
    unsigned char sign = sample[needed - 1] & 0x80 ? 0xFF : 0;
    for (uint32_t i = needed; i < n; i++)
        if (sample[i] != sign) return false;
    return true;
}

static bool is_zero_below(const unsigned char *sample, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (sample[i] != 0) return false;
    return true;
}

static bool is_packed(const struct wave_header *header)
{
    uint64_t per_second = (uint64_t)header->rate_hz * header->channels * header->least_bytes;
    return header->least_bytes < header->sample_bytes &&
           (header->least_bytes <= 2 || header->bytes_per_second == per_second);
}

static enum sample_layout decide(const struct wave_header *header, const unsigned char *bytes,
                                 size_t n_sample)
{
    uint32_t width = header->sample_bytes, needed = needed_bytes(header);
    bool low = true, high = true;
    for (size_t i = 0; i < n_sample; i++, bytes += width) {
        low = low && is_sign_above(bytes, needed, width);
        high = high && is_zero_below(bytes, width - needed);
    }
    if (low && high) return header->is_extensible ? SAMPLES_HIGH : SAMPLES_LOW;
    if (low || high) return low ? SAMPLES_LOW : SAMPLES_HIGH;
    return is_packed(header) ? SAMPLES_PACKED : SAMPLES_ALL_BYTES;
}

bool sample_layout_find(struct byte_source *source, const struct wave_header *header,
                        enum sample_layout *layout, struct failure *failure)
{
    unsigned char bytes[LOOK_SAMPLES * WIDEST];
    const struct stated_length *stated = &header->length.stated;
    uint32_t width = header->sample_bytes;
    size_t n = LOOK_SAMPLES * width;
    *layout = header->block_align == width * header->channels ? SAMPLES_FIT : SAMPLES_PACKED;
    if (width == needed_bytes(header)) return true;
    if (stated->bytes > 0 && stated->bytes < n) n = (size_t)stated->bytes;
    if (!byte_source_peek(source, stated->position, bytes, n, &n, failure)) return false;
    *layout = decide(header, bytes, n / width);
    return true;
}

void sample_layout_text(enum sample_layout layout, const struct wave_header *header,
                        const char *label, char *text, size_t size)
{
    unsigned bits = header->bits, width = header->sample_bytes;
    if (layout == SAMPLES_PACKED)
        snprintf(text, size, "%s: the header's blocks of %u bytes are not what %u x %u bits need; "
                 "read as blocks of %u", label, header->block_align, header->channels, bits,
                 header->channels * header->least_bytes);
    else if (layout == SAMPLES_ALL_BYTES)
        snprintf(text, size, "%s: samples of %u bits in %u bytes, all of which are in use; read as "
                 "samples of %u bits", label, bits, width, 8 * width);
    else
        snprintf(text, size, "%s: samples of %u bits in %u bytes; found in the %s ones", label,
                 bits, width, layout == SAMPLES_LOW ? "low" : "high");
}

/* SPDX-License-Identifier: MIT */
#include "tools/audio/wave_header.h"

#include "tools/audio/little_endian.h"
#include "tools/audio/pcm.h"

#include <string.h>

enum { MOST_CHUNKS = 10000, FORMAT_PCM = 1, FORMAT_FLOAT = 3, FORMAT_EXTENSIBLE = 0xFFFE };

static bool is(const unsigned char *bytes, const char *id)
{
    return memcmp(bytes, id, 4) == 0;
}

static bool find_encoding(uint32_t tag, uint32_t sample_bytes, enum audio_encoding *encoding)
{
    static const struct {
        uint32_t tag, bytes;
        enum audio_encoding encoding;
    } known[] = {
        {FORMAT_PCM, 1, AUDIO_U8},        {FORMAT_PCM, 2, AUDIO_S16LE},
        {FORMAT_PCM, 3, AUDIO_S24LE},     {FORMAT_PCM, 4, AUDIO_S32LE},
        {FORMAT_FLOAT, 4, AUDIO_F32LE},   {FORMAT_FLOAT, 8, AUDIO_F64LE},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].tag != tag || known[i].bytes != sample_bytes) continue;
        *encoding = known[i].encoding;
        return true;
    }
    return false;
}

static bool read_format(struct byte_source *source, uint64_t position, uint32_t size,
                        struct wave_header *header, struct failure *failure)
{
    unsigned char b[40] = {0};
    size_t n;
    const char *label = byte_source_label(source);
    if (!byte_source_peek(source, position, b, size < sizeof b ? size : sizeof b, &n, failure))
        return false;
    if (n < 16) return fail(failure, EXIT_INPUT, "%s: the WAV header is cut short", label);
    uint32_t tag = le16(b), bits = le16(b + 14);
    header->channels = le16(b + 2);
    header->rate_hz = le32(b + 4);
    header->frame_bytes = le16(b + 12);
    if (header->channels == 0 || header->channels > AUDIO_MAX_CHANNELS)
        return fail(failure, EXIT_INPUT, "%s: the WAV header declares %u channels", label,
                    header->channels);
    if (header->rate_hz == 0 || header->rate_hz > AUDIO_MAX_RATE)
        return fail(failure, EXIT_INPUT, "%s: the WAV header declares a rate of %u Hz", label,
                    header->rate_hz);
    if (tag == FORMAT_EXTENSIBLE && n >= 26) tag = le16(b + 24);
    uint32_t sample_bytes = header->frame_bytes / header->channels;
    header->is_pcm = header->frame_bytes == sample_bytes * header->channels &&
                     bits <= 8 * sample_bytes && bits > 8 * sample_bytes - 8 &&
                     find_encoding(tag, sample_bytes, &header->encoding);
    return true;
}

static void settle_length(const struct byte_source *source, uint64_t declared, bool is_wide,
                          struct wave_header *header)
{
    bool none;
    if (is_wide)
        none = declared == 0 || declared == UINT64_MAX;
    else if (!byte_source_is_file(source))
        none = declared == 0 || declared >= 0x7ffff000;
    else
        none = declared == UINT32_MAX ||
               (declared == 0 && byte_source_size(source) > header->data_position &&
                byte_source_size(source) > header->end_position);
    header->data_bytes = none ? AUDIO_UNKNOWN : declared;
}

static bool read_wide_sizes(struct byte_source *source, uint64_t position,
                            struct wave_header *header, uint64_t *data_bytes,
                            struct failure *failure)
{
    unsigned char b[16];
    size_t n;
    if (!byte_source_peek(source, position, b, sizeof b, &n, failure)) return false;
    if (n < sizeof b) return true;
    uint64_t whole = le64(b);
    header->end_position = whole > UINT64_MAX - 8 ? AUDIO_UNKNOWN : whole + 8;
    *data_bytes = le64(b + 8);
    return true;
}

static bool read_chunks(struct byte_source *source, struct wave_header *header,
                        struct failure *failure)
{
    uint64_t position = 12, wide_data = AUDIO_UNKNOWN;
    const char *label = byte_source_label(source);
    for (int i = 0; i < MOST_CHUNKS; i++) {
        unsigned char b[8];
        size_t n;
        if (!byte_source_peek(source, position, b, 8, &n, failure)) return false;
        if (n < 8) break;
        uint32_t size = le32(b + 4);
        position += 8;
        if (is(b, "data")) {
            if (header->channels == 0) break;
            bool is_wide = header->is_rf64 && size == UINT32_MAX;
            header->data_position = position;
            settle_length(source, is_wide ? wide_data : size, is_wide, header);
            return true;
        }
        if (is(b, "ds64") && !read_wide_sizes(source, position, header, &wide_data, failure))
            return false;
        if (is(b, "fmt ") && !read_format(source, position, size, header, failure)) return false;
        position += (uint64_t)size + (size & 1);
    }
    return fail(failure, EXIT_INPUT, "%s: a WAV header without %s; the file is damaged", label,
                header->channels ? "audio after it" : "a description of the audio");
}

bool wave_header_read(struct byte_source *source, struct wave_header *header,
                      struct failure *failure)
{
    unsigned char b[12];
    size_t n;
    *header = (struct wave_header){0};
    if (!byte_source_peek(source, 0, b, sizeof b, &n, failure)) return false;
    if (n < sizeof b || !is(b + 8, "WAVE")) return true;
    header->is_rf64 = is(b, "RF64") || is(b, "BW64");
    header->is_wave = header->is_rf64 || is(b, "RIFF");
    if (!header->is_wave) return true;
    uint32_t size = le32(b + 4);
    header->end_position = size == UINT32_MAX ? AUDIO_UNKNOWN : (uint64_t)size + 8;
    return read_chunks(source, header, failure);
}

/* SPDX-License-Identifier: MIT */
#include "tools/audio/wave_header.h"

#include "tools/audio/little_endian.h"
#include "tools/audio/pcm.h"

#include <string.h>

enum {
    MOST_CHUNKS = 10000,
    FORMAT_PCM = 1,
    FORMAT_FLOAT = 3,
    FORMAT_MPEG = 0x50,
    FORMAT_MP3 = 0x55,
    FORMAT_EXTENSIBLE = 0xFFFE,
    WIDEST_INTEGER = 4
};

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

enum audio_encoding wave_integer_encoding(uint32_t sample_bytes)
{
    enum audio_encoding encoding = AUDIO_S32LE;
    find_encoding(FORMAT_PCM, sample_bytes, &encoding);
    return encoding;
}

/* Blocks that divide evenly among the channels and have room for the bits determine the width of a
   sample; other blocks are wrong, and the bits determine it. */
static uint32_t find_sample_bytes(const struct wave_header *header, bool is_integer)
{
    uint32_t least = header->least_bytes, stated = header->block_align / header->channels;
    bool is_even = stated * header->channels == header->block_align;
    return is_integer && is_even && stated >= least && stated <= WIDEST_INTEGER ? stated : least;
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
    header->bytes_per_second = le32(b + 8);
    header->block_align = le16(b + 12);
    if (header->channels == 0 || header->channels > AUDIO_MAX_CHANNELS)
        return fail(failure, EXIT_INPUT, "%s: the WAV header declares %u channels", label,
                    header->channels);
    if (header->rate_hz == 0 || header->rate_hz > AUDIO_MAX_RATE)
        return fail(failure, EXIT_INPUT, "%s: the WAV header declares a rate of %u Hz", label,
                    header->rate_hz);
    header->bits = bits;
    header->is_extensible = tag == FORMAT_EXTENSIBLE && n >= 26;
    if (header->is_extensible) {
        uint32_t valid = le16(b + 18);
        tag = le16(b + 24);
        if (tag == FORMAT_PCM && valid > 0 && valid < bits) header->bits = valid;
    }
    header->is_mpeg = tag == FORMAT_MPEG || tag == FORMAT_MP3;
    header->least_bytes = (bits + 7) / 8;
    header->sample_bytes = find_sample_bytes(header, tag == FORMAT_PCM);
    header->is_pcm = bits > 0 && find_encoding(tag, header->sample_bytes, &header->encoding);
    return true;
}

/* The length in ds64 is used if the 32-bit number is too small for it or was not set. */
static bool take_wide_length(struct byte_source *source, uint64_t ds64,
                             struct container_length *length, struct failure *failure)
{
    unsigned char b[16];
    size_t n;
    if (length->stated.bytes != UINT32_MAX && length->stated.bytes != 0) return true;
    if (!byte_source_peek(source, ds64, b, sizeof b, &n, failure)) return false;
    if (n < sizeof b) return true;
    length->stated.bytes = le64(b + 8);
    length->stated.is_wide = true;
    length->other_field = length->field;
    length->field = ds64 + 8;
    length->field_bytes = 8;
    return true;
}

static bool read_chunks(struct byte_source *source, const struct chunk_layout *layout,
                        struct wave_header *header, struct failure *failure)
{
    uint64_t position = layout->first, ds64 = 0;
    const char *label = byte_source_label(source);
    for (int i = 0; i < MOST_CHUNKS; i++) {
        struct chunk chunk;
        if (!chunk_read(source, layout, position, &chunk, failure)) return false;
        if (!chunk.is_there) break;
        if (strcmp(chunk.id, "data") == 0) {
            if (header->channels == 0) break;
            container_length_take(&header->length, layout, &chunk);
            return ds64 == 0 || take_wide_length(source, ds64, &header->length, failure);
        }
        if (header->is_rf64 && strcmp(chunk.id, "ds64") == 0) ds64 = chunk.content;
        if (strcmp(chunk.id, "fmt ") == 0 &&
            !read_format(source, chunk.content, (uint32_t)chunk.size, header, failure))
            return false;
        position = chunk.next;
    }
    return fail(failure, EXIT_INPUT, "%s: the WAV header lacks %s; the file is damaged", label,
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
    return !header->is_wave || read_chunks(source, chunk_layout_find(b), header, failure);
}

static bool may_begin(const unsigned char *bytes, size_t n)
{
    static const char *const magic[] = {"RIFF", "RF64", "BW64"};
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
        if (memcmp(bytes, magic[i], n < 4 ? n : 4) == 0) return true;
    return false;
}

size_t wave_header_find(const unsigned char *bytes, size_t n, bool *is_whole)
{
    for (size_t i = 0; i < n; i++) {
        if ((bytes[i] != 'R' && bytes[i] != 'B') || !may_begin(bytes + i, n - i)) continue;
        *is_whole = n - i >= 12;
        if (!*is_whole || is(bytes + i + 8, "WAVE")) return i;
    }
    return n;
}

/* SPDX-License-Identifier: MIT */
#include "tools/audio/pcm.h"

#include "tools/audio/little_endian.h"

#include <string.h>

static const struct {
    const char *name;
    uint32_t bytes;
} encodings[] = {
    [AUDIO_S16LE] = {"s16le", 2}, [AUDIO_S16BE] = {"s16be", 2}, [AUDIO_S24LE] = {"s24le", 3},
    [AUDIO_S32LE] = {"s32le", 4}, [AUDIO_F32LE] = {"f32le", 4}, [AUDIO_U8] = {"u8", 1},
    [AUDIO_F64LE] = {NULL, 8},
};

bool audio_encoding_parse(const char *name, enum audio_encoding *encoding)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        if (!encodings[i].name || strcmp(encodings[i].name, name) != 0) continue;
        *encoding = (enum audio_encoding)i;
        return true;
    }
    return false;
}

uint32_t pcm_bytes(enum audio_encoding encoding)
{
    return encodings[encoding].bytes;
}

void pcm_to_float(enum audio_encoding encoding, const unsigned char *bytes, size_t n, float *x)
{
    switch (encoding) {
    case AUDIO_S16LE:
        for (size_t i = 0; i < n; i++) x[i] = (float)(int16_t)le16(bytes + 2 * i) * 0x1p-15f;
        break;
    case AUDIO_S16BE:
        for (size_t i = 0; i < n; i++) {
            const unsigned char *b = bytes + 2 * i;
            x[i] = (float)(int16_t)(b[0] << 8 | b[1]) * 0x1p-15f;
        }
        break;
    case AUDIO_S24LE:
        for (size_t i = 0; i < n; i++) {
            const unsigned char *b = bytes + 3 * i;
            uint32_t top = (uint32_t)b[0] << 8 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 24;
            x[i] = (float)(int32_t)top * 0x1p-31f;
        }
        break;
    case AUDIO_S32LE:
        for (size_t i = 0; i < n; i++) x[i] = (float)(int32_t)le32(bytes + 4 * i) * 0x1p-31f;
        break;
    case AUDIO_F32LE:
        for (size_t i = 0; i < n; i++) {
            uint32_t bits = le32(bytes + 4 * i);
            memcpy(x + i, &bits, 4);
        }
        break;
    case AUDIO_U8:
        for (size_t i = 0; i < n; i++) x[i] = (float)(bytes[i] - 128) * 0x1p-7f;
        break;
    case AUDIO_F64LE:
        for (size_t i = 0; i < n; i++) {
            uint64_t bits = le64(bytes + 8 * i);
            double value;
            memcpy(&value, &bits, 8);
            x[i] = (float)value;
        }
        break;
    }
}

void pcm_low_bits_to_float(const unsigned char *bytes, uint32_t sample_bytes, uint32_t bits,
                           size_t n, float *x)
{
    for (size_t i = 0; i < n; i++, bytes += sample_bytes) {
        uint32_t value = 0;
        for (uint32_t b = 0; b < sample_bytes; b++) value |= (uint32_t)bytes[b] << 8 * b;
        x[i] = (float)(int32_t)(value << (32 - bits)) * 0x1p-31f;
    }
}

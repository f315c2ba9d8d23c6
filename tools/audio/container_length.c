/* SPDX-License-Identifier: MIT */
#include "tools/audio/container_length.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CHUNKS = 10000 };

/* All are a row of chunks: an id, a size, the content. */
struct layout {
    char magic[5], data_id[5];
    unsigned first;      /* position of the first chunk */
    unsigned id_bytes;   /* the id's first four count */
    unsigned size_bytes;
    bool is_big_endian;
    bool counts_itself;  /* the size includes id and size */
    unsigned alignment;
    unsigned not_audio;  /* bytes before the audio in the data chunk */
};

static const struct layout layouts[] = {
    {"FORM", "SSND", 12, 4, 4, true, false, 2, 8},
    {"caff", "data", 8, 4, 8, true, false, 1, 4},
    {"RIFX", "data", 12, 4, 4, true, false, 2, 0},
    {"riff", "data", 40, 16, 8, false, true, 8, 0},
};

static uint64_t number(const unsigned char *bytes, unsigned n, bool is_big_endian)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < n; i++) value = value << 8 | bytes[is_big_endian ? i : n - 1 - i];
    return value;
}

static bool walk(struct byte_source *source, const struct layout *layout, uint64_t *bytes,
                 struct failure *failure)
{
    unsigned head = layout->id_bytes + layout->size_bytes;
    uint64_t position = layout->first;
    for (int i = 0; i < MOST_CHUNKS; i++) {
        unsigned char chunk[24];
        size_t n;
        if (!byte_source_peek(source, position, chunk, head, &n, failure)) return false;
        if (n < head) return true;
        uint64_t size = number(chunk + layout->id_bytes, layout->size_bytes,
                               layout->is_big_endian);
        if (layout->counts_itself) size = size < head ? 0 : size - head;
        if (size > INT64_MAX / 2) return true; /* what is written where nobody can go back */
        if (memcmp(chunk, layout->data_id, 4) == 0) {
            if (size >= layout->not_audio) *bytes = size - layout->not_audio;
            return true;
        }
        uint64_t past = size % layout->alignment;
        position += head + size + (past ? layout->alignment - past : 0);
    }
    return true;
}

static uint64_t sphere_number(const char *header, const char *key)
{
    const char *found = strstr(header, key);
    return found ? strtoull(found + strlen(key), NULL, 10) : 0;
}

static bool sphere_length(struct byte_source *source, uint64_t *bytes, struct failure *failure)
{
    char header[1025] = "";
    size_t n;
    if (!byte_source_peek(source, 0, header, sizeof header - 1, &n, failure)) return false;
    uint64_t frames = sphere_number(header, "\nsample_count -i ");
    uint64_t channels = sphere_number(header, "\nchannel_count -i ");
    uint64_t sample_bytes = sphere_number(header, "\nsample_n_bytes -i ");
    if (frames > 0 && frames < INT64_MAX / 65536 && channels < 256 && sample_bytes < 256)
        *bytes = frames * channels * sample_bytes;
    return true;
}

bool container_length(struct byte_source *source, uint64_t *bytes, struct failure *failure)
{
    unsigned char start[12];
    size_t n;
    *bytes = AUDIO_UNKNOWN;
    if (!byte_source_peek(source, 0, start, sizeof start, &n, failure)) return false;
    if (n < sizeof start) return true;
    if (memcmp(start, ".snd", 4) == 0) {
        uint64_t size = number(start + 8, 4, true);
        if (size < UINT32_MAX) *bytes = size;
        return true;
    }
    if (memcmp(start, "NIST_1A", 7) == 0) return sphere_length(source, bytes, failure);
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (memcmp(start, layouts[i].magic, 4) == 0)
            return walk(source, &layouts[i], bytes, failure);
    return true;
}

/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "tools/audio/container_length.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CHUNKS = 10000, AU_HEADER = 24, START = 12, BUFFER_BYTES = 1 << 16 };

void container_length_take(struct container_length *length, const struct chunk_layout *layout,
                           const struct chunk *chunk)
{
    bool counts = layout->counts_itself;
    length->is_known = true;
    length->stated = (struct stated_length){
        .layout = layout,
        .position = chunk->content + layout->not_audio,
        .bytes = chunk->size < layout->not_audio ? 0 : chunk->size - layout->not_audio,
        .is_wide = layout->size_bytes > 4};
    length->field = chunk->size_position;
    length->field_bytes = layout->size_bytes;
    length->is_big_endian = layout->is_big_endian;
    length->not_audio = layout->not_audio + (counts ? layout->id_bytes + layout->size_bytes : 0);
}

static bool walk(struct byte_source *source, const struct chunk_layout *layout,
                 struct container_length *length, struct failure *failure)
{
    uint64_t position = layout->first;
    for (int i = 0; i < MOST_CHUNKS && position < UINT64_MAX; i++) {
        struct chunk chunk;
        if (!chunk_read(source, layout, position, &chunk, failure)) return false;
        if (!chunk.is_there) return true;
        if (strcmp(chunk.id, layout->data_id) == 0) {
            container_length_take(length, layout, &chunk);
            return true;
        }
        if (strcmp(chunk.id, "COMM") == 0) length->other_field = chunk.content + 2;
        position = chunk.next;
    }
    return true;
}

static void read_au(const unsigned char *start, struct container_length *length)
{
    bool is_big_endian = start[0] == '.';
    uint64_t position = chunk_number(start + 4, 4, is_big_endian);
    if (position < AU_HEADER) return;
    length->is_known = true;
    length->stated = (struct stated_length){.position = position,
                                            .bytes = chunk_number(start + 8, 4, is_big_endian)};
    length->field = 8;
    length->field_bytes = 4;
    length->is_big_endian = is_big_endian;
    length->too_long = UINT32_MAX;
}

static uint64_t sphere_number(const char *header, const char *key)
{
    const char *found = strstr(header, key);
    return found ? strtoull(found + strlen(key), NULL, 10) : 0;
}

static bool read_sphere(struct byte_source *source, struct container_length *length,
                        struct failure *failure)
{
    char header[1025] = "";
    size_t n;
    if (!byte_source_peek(source, 0, header, sizeof header - 1, &n, failure)) return false;
    uint64_t frames = sphere_number(header, "\nsample_count -i ");
    uint64_t channels = sphere_number(header, "\nchannel_count -i ");
    uint64_t sample_bytes = sphere_number(header, "\nsample_n_bytes -i ");
    length->is_known = frames > 0 && frames < INT64_MAX / 65536 && channels > 0 &&
                       channels < 256 && sample_bytes > 0 && sample_bytes < 256;
    length->stated = (struct stated_length){.position = sphere_number(header, "\n"),
                                            .bytes = frames * channels * sample_bytes,
                                            .is_wide = true};
    return true;
}

bool container_length_read(struct byte_source *source, struct container_length *length,
                           struct failure *failure)
{
    unsigned char start[12];
    size_t n;
    *length = (struct container_length){0};
    if (!byte_source_peek(source, 0, start, sizeof start, &n, failure)) return false;
    if (n < sizeof start) return true;
    if (memcmp(start, ".snd", 4) == 0 || memcmp(start, "dns.", 4) == 0) {
        read_au(start, length);
        return true;
    }
    if (memcmp(start, "NIST_1A", 7) == 0) return read_sphere(source, length, failure);
    const struct chunk_layout *layout = chunk_layout_find(start);
    return layout ? walk(source, layout, length, failure) : true;
}

/* Whether these bytes begin the same container; the total size may differ. */
static bool is_alike(const unsigned char *start, const unsigned char *bytes)
{
    const struct chunk_layout *layout = chunk_layout_find(start);
    size_t kind = layout && layout->first == START ? 8 : 4;
    return memcmp(bytes, start, 4) == 0 && memcmp(bytes + kind, start + kind, 4) == 0;
}

bool container_length_again(struct byte_source *source, uint64_t position, uint64_t *again,
                            struct failure *failure)
{
    unsigned char start[START], buffer[BUFFER_BYTES];
    size_t n;
    *again = AUDIO_UNKNOWN;
    if (!byte_source_peek(source, 0, start, sizeof start, &n, failure)) return false;
    for (;; position += BUFFER_BYTES - (START - 1)) {
        if (!byte_source_peek(source, position, buffer, sizeof buffer, &n, failure)) return false;
        const unsigned char *at = buffer, *end = buffer + n;
        while ((at = memmem(at, (size_t)(end - at), start, 4)) && end - at >= START) {
            if (is_alike(start, at)) {
                *again = position + (uint64_t)(at - buffer);
                return true;
            }
            at++;
        }
        if (n < sizeof buffer) return true;
    }
}

void container_length_mend(struct byte_source *source, const struct container_length *length,
                           uint64_t bytes)
{
    static const unsigned char ones[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    unsigned char number[8];
    unsigned n = length->field_bytes;
    uint64_t value = bytes + length->not_audio;
    if (length->field == 0) return;
    if (n == 4 && value >= UINT32_MAX) value = length->too_long;
    for (unsigned i = 0; i < n; i++)
        number[length->is_big_endian ? n - 1 - i : i] = (unsigned char)(value >> 8 * i);
    byte_source_patch(source, length->field, number, n);
    if (length->other_field > 0) byte_source_patch(source, length->other_field, ones, sizeof ones);
    byte_source_limit(source, length->stated.position + bytes);
}

void container_length_limit(struct byte_source *source, const struct container_length *length,
                            const struct settled_length *settled)
{
    const struct chunk_layout *layout = length->stated.layout;
    if (layout && layout->has_more_behind)
        byte_source_limit(source, settled->beyond);
    else if (settled->bytes != AUDIO_UNKNOWN)
        byte_source_limit(source, length->stated.position + settled->bytes);
}

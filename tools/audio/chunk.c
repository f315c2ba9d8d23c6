/* SPDX-License-Identifier: MIT */
#include "tools/audio/chunk.h"

#include <string.h>

static const struct chunk_layout layouts[] = {
    {"RIFF", "data", 12, 4, 4, false, false, 2, 0, false},
    {"RF64", "data", 12, 4, 4, false, false, 2, 0, false},
    {"BW64", "data", 12, 4, 4, false, false, 2, 0, false},
    {"RIFX", "data", 12, 4, 4, true, false, 2, 0, false},
    {"FORM", "SSND", 12, 4, 4, true, false, 2, 8, true},
    {"caff", "data", 8, 4, 8, true, false, 1, 4, true},
    {"riff", "data", 40, 16, 8, false, true, 8, 0, false},
};

const struct chunk_layout *chunk_layout_find(const unsigned char *magic)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (memcmp(magic, layouts[i].magic, 4) == 0) return &layouts[i];
    return NULL;
}

uint64_t chunk_number(const unsigned char *bytes, unsigned n, bool is_big_endian)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < n; i++) value = value << 8 | bytes[is_big_endian ? i : n - 1 - i];
    return value;
}

bool chunk_read(struct byte_source *source, const struct chunk_layout *layout, uint64_t position,
                struct chunk *chunk, struct failure *failure)
{
    unsigned char b[24];
    unsigned head = layout->id_bytes + layout->size_bytes;
    size_t n;
    *chunk = (struct chunk){0};
    if (!byte_source_peek(source, position, b, head, &n, failure)) return false;
    if (n < head) return true;
    uint64_t size = chunk_number(b + layout->id_bytes, layout->size_bytes, layout->is_big_endian);
    if (layout->counts_itself) size = size < head ? 0 : size - head;
    uint64_t padding = (layout->alignment - size % layout->alignment) % layout->alignment;
    chunk->is_there = true;
    memcpy(chunk->id, b, 4);
    chunk->size = size;
    chunk->size_position = position + layout->id_bytes;
    chunk->content = position + head;
    chunk->next = size > INT64_MAX - chunk->content ? UINT64_MAX : chunk->content + size + padding;
    return true;
}

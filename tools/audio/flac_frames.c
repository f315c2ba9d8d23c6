/* SPDX-License-Identifier: MIT */
#include "tools/audio/flac_frames.h"

#include "tools/audio/trailing.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_HEADER = 16, BUFFER_BYTES = 1 << 16, TAG_BYTES = 128 };

struct walk {
    struct byte_source *source;
    struct byte_range bytes;
    uint64_t frames;    /* position of the first frame */
    bool has_length;
    uint16_t table[256]; /* for a frame's checksum */
    unsigned char buffer[BUFFER_BYTES];
};

static void fill_table(uint16_t *table)
{
    for (unsigned i = 0; i < 256; i++) {
        unsigned value = i << 8;
        for (int bit = 0; bit < 8; bit++) value = value << 1 ^ (value & 0x8000 ? 0x18005 : 0);
        table[i] = (uint16_t)value;
    }
}

static uint16_t add(const uint16_t *table, uint16_t sum, unsigned char byte)
{
    return (uint16_t)(sum << 8 ^ table[sum >> 8 ^ byte]);
}

static unsigned header_sum(const unsigned char *bytes, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) sum = (sum << 1 ^ (sum & 0x80 ? 0x107 : 0)) & 0xFF;
    }
    return sum;
}

/* Size of the number that begins with this byte, which is coded like a UTF-8 character; 0: none. */
static size_t number_bytes(unsigned char first)
{
    size_t n = 0;
    while (n < 8 && first & 0x80 >> n) n++;
    return n == 0 ? 1 : n == 1 || n == 8 ? 0 : n;
}

static bool is_frame(const unsigned char *b, size_t n)
{
    if (n < LONGEST_HEADER || b[0] != 0xFF || (b[1] & 0xFE) != 0xF8) return false;
    unsigned block = b[2] >> 4, rate = b[2] & 15, channels = b[3] >> 4;
    size_t number = number_bytes(b[4]);
    if (block == 0 || rate == 15 || channels > 10 || b[3] & 1 || number == 0) return false;
    size_t length = 4 + number + (block == 6) + (block == 7) * 2u + (rate == 12) +
                    (rate == 13 || rate == 14) * 2u;
    return header_sum(b, length) == b[length];
}

/* Finds the first byte after the metadata. */
static bool find_frames(struct walk *walk, struct failure *failure)
{
    unsigned char tag[10], block[8 + 34];
    size_t n;
    if (!byte_source_peek(walk->source, walk->bytes.begin, tag, sizeof tag, &n, failure))
        return false;
    if (n == sizeof tag && memcmp(tag, "ID3", 3) == 0)
        walk->bytes.begin += 10 + ((uint64_t)(tag[6] & 0x7F) << 21 |
                                   (uint64_t)(tag[7] & 0x7F) << 14 |
                                   (uint64_t)(tag[8] & 0x7F) << 7 | (tag[9] & 0x7F));
    if (!byte_source_peek(walk->source, walk->bytes.begin, block, sizeof block, &n, failure))
        return false;
    walk->frames = walk->bytes.begin + 4;
    if (n < sizeof block) return true;
    for (size_t i = 21; i < 26; i++) walk->has_length |= (i == 21 ? block[i] & 15 : block[i]) != 0;
    bool is_last = false;
    while (!is_last && walk->frames < walk->bytes.end) {
        if (!byte_source_peek(walk->source, walk->frames, block, 4, &n, failure)) return false;
        if (n < 4) return true;
        is_last = block[0] & 0x80;
        walk->frames += 4 + ((uint64_t)block[1] << 16 | (uint64_t)block[2] << 8 | block[3]);
    }
    return true;
}

static bool is_whole(const struct walk *walk, const unsigned char *bytes, size_t n)
{
    uint16_t sum = 0;
    for (size_t i = 0; i < n; i++) sum = add(walk->table, sum, bytes[i]);
    return sum == 0;
}

/* Looks at the end alone: whether the last frame is whole and only an ID3 tag follows it. */
static bool ends_well(struct walk *walk, bool *well, struct failure *failure)
{
    enum { MOST_TRIED = 4 };
    uint64_t length = walk->bytes.end - walk->bytes.begin;
    size_t n = length < BUFFER_BYTES ? (size_t)length : BUFFER_BYTES, n_tried = 0;
    *well = false;
    if (!byte_source_peek(walk->source, walk->bytes.end - n, walk->buffer, n, &n, failure))
        return false;
    if (n > TAG_BYTES && memcmp(walk->buffer + n - TAG_BYTES, "TAG", 3) == 0) n -= TAG_BYTES;
    for (size_t i = n; i-- > 0 && n_tried < MOST_TRIED && !*well;) {
        if (!is_frame(walk->buffer + i, n - i)) continue;
        *well = is_whole(walk, walk->buffer + i, n - i);
        n_tried++;
    }
    return true;
}

/* Tries a position at which the checksum of the last frame is right. *found = false: that may be
   chance. */
static bool try_end(struct walk *walk, uint64_t position, uint64_t *rest, bool *found,
                    struct failure *failure)
{
    unsigned char start[TRAILING_LOOK];
    size_t n;
    uint64_t other;
    if (!trailing_other(walk->source, position, NULL, &other, failure) ||
        !byte_source_peek(walk->source, position, start, sizeof start, &n, failure))
        return false;
    bool is_clean = other >= walk->bytes.end;
    *found = is_clean || trailing_begins(start, n, NULL);
    if (*found || *rest == walk->bytes.end) *rest = is_clean ? walk->bytes.end : other;
    return true;
}

/* Follows frame after frame: each ends at the next one's header if its checksum is right. */
static bool follow(struct walk *walk, uint64_t *rest, struct failure *failure)
{
    uint64_t position = walk->frames, begin = position; /* of the last frame */
    uint16_t sum = 0;
    bool found = false;
    while (position < walk->bytes.end && !found) {
        size_t n;
        if (!byte_source_peek(walk->source, position, walk->buffer, BUFFER_BYTES, &n, failure))
            return false;
        if (n > walk->bytes.end - position) n = (size_t)(walk->bytes.end - position);
        bool is_last = n < BUFFER_BYTES;
        size_t n_use = is_last ? n : n - LONGEST_HEADER;
        for (size_t i = 0; i < n_use; i++) {
            if (sum == 0 && is_frame(walk->buffer + i, n - i)) {
                begin = position + i;
                *rest = walk->bytes.end;
            } else if (sum == 0 && position + i > begin) {
                if (!try_end(walk, position + i, rest, &found, failure)) return false;
                if (found) return true;
            }
            sum = add(walk->table, sum, walk->buffer[i]);
        }
        position += n_use;
    }
    if (sum == 0)
        *rest = walk->bytes.end;
    else if (*rest == walk->bytes.end && !walk->has_length)
        *rest = begin;
    return true;
}

bool flac_frames_rest(struct byte_source *source, struct byte_range bytes, uint64_t *rest,
                      struct failure *failure)
{
    struct walk *walk = malloc(sizeof *walk);
    if (!walk) return fail_memory(failure);
    *walk = (struct walk){.source = source, .bytes = bytes};
    fill_table(walk->table);
    *rest = bytes.end;
    bool well;
    bool good = ends_well(walk, &well, failure) &&
                (well || (find_frames(walk, failure) && follow(walk, rest, failure)));
    free(walk);
    return good;
}

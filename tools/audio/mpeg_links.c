/* SPDX-License-Identifier: MIT */
#include "tools/audio/mpeg_links.h"

#include "tools/audio/trailing.h"

#include <string.h>

enum { MOST_UNCOUNTED = 3 }; /* frames that a header may leave out */
enum { BUFFER_BYTES = 1 << 16, LOOK = 192 }; /* a frame's header and a Xing mark */

struct walk {
    struct stream_links *links;
    struct byte_source *source;
    struct stream_run *run;  /* of the last link */
    unsigned kind;           /* of its frames */
    bool has_info;           /* its first frame is a Xing header */
    unsigned bit_rates;      /* of its frames, one bit per rate */
    uint32_t n_frame;        /* so far, if no frame counts the others */
    uint64_t n_left;         /* frames still expected; AUDIO_UNKNOWN */
    uint64_t buffered;       /* position of buffer[0] */
    size_t n_buffered;
    unsigned char buffer[BUFFER_BYTES];
};

static unsigned bit_rate(unsigned version, unsigned layer, unsigned index)
{
    static const unsigned short kbit[5][16] = {
        {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
    };
    unsigned row = version == 3 ? layer - 1 : layer == 1 ? 3 : 4;
    return 1000u * kbit[row][index];
}

unsigned mpeg_header_bytes(const unsigned char *h)
{
    static const unsigned rates[3] = {44100, 48000, 32000};
    unsigned version = h[1] >> 3 & 3, layer = 4 - (h[1] >> 1 & 3), index = h[2] >> 2 & 3;
    if (h[0] != 0xFF || (h[1] & 0xE0) != 0xE0 || version == 1 || layer == 4 || index == 3)
        return 0;
    unsigned rate_hz = rates[index] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    unsigned bits = bit_rate(version, layer, h[2] >> 4), padding = h[2] >> 1 & 1;
    if (bits == 0) return 0;
    if (layer == 1) return (12 * bits / rate_hz + padding) * 4;
    return (layer == 3 && version != 3 ? 72 : 144) * bits / rate_hz + padding;
}

/* Reads LOOK bytes at a position, fewer at the end. */
static bool look(struct walk *walk, uint64_t position, const unsigned char **bytes, size_t *n,
                 struct failure *failure)
{
    if (position < walk->buffered || position + LOOK > walk->buffered + walk->n_buffered) {
        walk->buffered = position;
        if (!byte_source_peek(walk->source, position, walk->buffer, sizeof walk->buffer,
                              &walk->n_buffered, failure))
            return false;
    }
    *bytes = walk->buffer + (position - walk->buffered);
    *n = walk->n_buffered - (size_t)(position - walk->buffered);
    return true;
}

static unsigned frame_bytes(const unsigned char *bytes, size_t n)
{
    return n < 4 ? 0 : mpeg_header_bytes(bytes);
}

/* What all frames of one stream have in common: version, layer, rate, and whether it is mono. */
static unsigned frame_kind(const unsigned char *h)
{
    return (h[1] & 0x1Eu) << 8 | (h[2] & 0x0Cu) | (h[3] >> 6 == 3);
}

/* Whether a frame of the same kind begins where this one ends. */
static bool look_behind(struct walk *walk, const unsigned char *frame, uint64_t end,
                        bool *is_alike, struct failure *failure)
{
    unsigned char next[4];
    size_t n;
    if (!byte_source_peek(walk->source, end, next, sizeof next, &n, failure)) return false;
    *is_alike = frame_bytes(next, n) > 0 && frame_kind(next) == frame_kind(frame);
    return true;
}

/* Where a frame may have a Xing mark. */
static size_t mark_position(const unsigned char *h)
{
    bool is_1 = (h[1] >> 3 & 3) == 3, is_mono = h[3] >> 6 == 3;
    return 4 + (is_1 ? (is_mono ? 17u : 32u) : (is_mono ? 9u : 17u));
}

size_t mpeg_count_frame(const unsigned char *header, uint32_t n_frame, unsigned char *frame)
{
    unsigned char *mark = frame + mark_position(header);
    memset(frame, 0, MPEG_MOST_COUNT_BYTES);
    frame[0] = 0xFF;
    frame[1] = (header[1] & 0xF8) | 3;   /* layer 3, no checksum */
    frame[2] = (header[2] & 0x0C) | 0x80; /* 64 or 112 kbit/s: room for the mark */
    frame[3] = header[3] & 0xC0;
    memcpy(mark, "Xing\0\0\0\1", 8);
    for (int i = 0; i < 4; i++) mark[8 + i] = (unsigned char)(n_frame >> (24 - 8 * i));
    return mpeg_header_bytes(frame);
}

/* Whether this frame states how many follow it. */
static bool is_info(const unsigned char *b, size_t n, uint64_t *n_frame)
{
    const unsigned char *mark = b + mark_position(b);
    *n_frame = AUDIO_UNKNOWN;
    if (n < LOOK || (memcmp(mark, "Xing", 4) != 0 && memcmp(mark, "Info", 4) != 0)) return false;
    if (mark[7] & 1)
        *n_frame = (uint64_t)mark[8] << 24 | (uint64_t)mark[9] << 16 | (uint64_t)mark[10] << 8 |
                   mark[11];
    return true;
}

static bool begin_link(struct walk *walk, const unsigned char *frame, uint64_t begin,
                       struct failure *failure)
{
    struct stream_link *link = stream_links_add(walk->links, begin, failure);
    if (!link) return false;
    link->has_audio = true;
    walk->kind = frame_kind(frame);
    walk->n_left = AUDIO_UNKNOWN;
    walk->n_frame = walk->bit_rates = 0;
    walk->run = stream_links_add_run(walk->links, begin, begin, failure);
    return walk->run != NULL;
}

/* If no frame counts them, libsndfile assumes that all frames have the first one's bit rate. */
static void count(struct walk *walk, const unsigned char *frame)
{
    bool is_layer_3 = (frame[1] & 6) == 2;
    struct stream_link *link = &walk->links->link[walk->links->n_link - 1];
    walk->n_frame++;
    walk->bit_rates |= 1u << (frame[2] >> 4);
    bool is_changing = (walk->bit_rates & (walk->bit_rates - 1)) != 0;
    link->n_uncounted = is_layer_3 && is_changing ? walk->n_frame : 0;
}

/* Adds a frame, whose end may be missing. */
static bool take_frame(struct walk *walk, const unsigned char *bytes, size_t n, uint64_t begin,
                       uint64_t end, struct failure *failure)
{
    uint64_t n_frame, size = byte_source_size(walk->source);
    bool has_info = is_info(bytes, n, &n_frame);
    if (end > size) stream_links_note_junk(walk->links, begin, size);
    bool is_beyond = walk->n_left == 0 && size - begin > MOST_UNCOUNTED * (end - begin);
    bool is_other = walk->run && frame_kind(bytes) != walk->kind;
    if (is_other && !look_behind(walk, bytes, end, &is_other, failure)) return false;
    if (!walk->run || has_info || is_beyond || is_other) {
        if (!begin_link(walk, bytes, begin, failure)) return false;
        walk->has_info = has_info;
        if (has_info) walk->n_left = n_frame;
    } else if (walk->n_left != AUDIO_UNKNOWN && walk->n_left > 0) {
        walk->n_left--;
    }
    if (!walk->has_info) count(walk, bytes);
    walk->run->bytes.end = end < size ? end : size;
    return true;
}

/* Finds the next frame that another one follows, or the file's end. */
static bool find_frame(struct walk *walk, uint64_t *position, struct failure *failure)
{
    uint64_t size = byte_source_size(walk->source);
    for (; *position < size; ++*position) {
        const unsigned char *bytes;
        size_t n;
        if (!look(walk, *position, &bytes, &n, failure)) return false;
        unsigned length = frame_bytes(bytes, n);
        if (length == 0) continue;
        bool is_frame;
        if (!look_behind(walk, bytes, *position + length, &is_frame, failure)) return false;
        if (is_frame) return true;
    }
    return true;
}

/* Tags end a link silently; other bytes are reported. */
static bool take_other(struct walk *walk, uint64_t *position, struct failure *failure)
{
    uint64_t size = byte_source_size(walk->source), other;
    if (!trailing_other(walk->source, *position, NULL, &other, failure)) return false;
    if (other > size) other = size;
    if (other == *position) {
        if (!find_frame(walk, &other, failure)) return false;
        stream_links_note_junk(walk->links, *position, other);
        walk->links->is_damaged |= other < size;
        if (walk->links->n_link > 0)
            walk->links->link[walk->links->n_link - 1].is_broken_off = other < size;
    }
    *position = other;
    walk->run = NULL;
    return true;
}

bool mpeg_links_find(struct stream_links *links, struct byte_source *source, uint64_t begin,
                     struct failure *failure)
{
    struct walk walk = {.links = links, .source = source};
    uint64_t size = byte_source_size(source);
    while (begin < size) {
        const unsigned char *bytes;
        size_t n;
        if (!look(&walk, begin, &bytes, &n, failure)) return false;
        unsigned length = frame_bytes(bytes, n);
        if (length > 0 ? !take_frame(&walk, bytes, n, begin, begin + length, failure)
                       : !take_other(&walk, &begin, failure))
            return false;
        begin += length;
    }
    return true;
}

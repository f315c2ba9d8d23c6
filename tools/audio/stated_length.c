/* SPDX-License-Identifier: MIT */
#include "tools/audio/stated_length.h"

#include "tools/audio/trailing.h"

/* Lengths written by programs that do not know it, and the numbers around them: some programs count
   the audio, others the whole file with its header. */
static const struct {
    uint64_t least, most;
} placeholder[] = {
    {0x7EFFF000, 0x7F000FFF}, /* sox in AIFF 7F000000 */
    {0x7FFF0000, 0x80000FFF}, /* GStreamer 7FFF0000; sox, mplayer, espeak 7FFFF000; old arecord
                                 7FFFFF00; lame, oggdec, many services 7FFFFFFF; arecord 80000000 */
    {0xFFFF0000, 0x100000FFF}, /* ffmpeg and many services FFFFFFFF, or that less a header */
    {(uint64_t)1 << 48, UINT64_MAX}, /* CAF and W64: 2^63 - 1, 2^64 - 1. No such file exists */
};

/* 1, 2, 3 or 4 times 10^9, perhaps less a header: speech services, 2000000000. */
static bool is_round(uint64_t bytes)
{
    const uint64_t round = 1000000000, header = 4096;
    uint64_t times = (bytes + header) / round;
    return times >= 1 && times <= 4 && bytes <= times * round && bytes + header >= times * round;
}

bool stated_length_is_placeholder(const struct stated_length *s)
{
    for (size_t i = 0; i < sizeof placeholder / sizeof *placeholder; i++)
        if (s->bytes >= placeholder[i].least && s->bytes <= placeholder[i].most) return true;
    return is_round(s->bytes);
}

static void read_to_the_end(struct settled_length *settled)
{
    settled->bytes = AUDIO_UNKNOWN;
    settled->warnings = AUDIO_WARN_NO_LENGTH;
}

/* Finds a multiple of 4 GB after the stated end that no more audio follows. */
static bool find_wrapped(struct byte_source *source, const struct stated_length *s,
                         struct settled_length *settled, struct failure *failure)
{
    uint64_t size = byte_source_size(source), other;
    if (s->is_wide) return true;
    for (uint64_t k = (size - s->position - s->bytes) >> 32; k > 0; k--) {
        uint64_t bytes = s->bytes + (k << 32);
        if (!trailing_other(source, s->position + bytes, s->layout, &other, failure)) return false;
        if (other != AUDIO_UNKNOWN) continue;
        settled->bytes = bytes;
        settled->warnings = AUDIO_WARN_WRAPPED;
        return true;
    }
    return true;
}

/* Looks at the stated end; *is_end: nothing follows. *start: after the padding of an odd chunk. */
static bool look(struct byte_source *source, const struct stated_length *s, bool *is_end,
                 enum trailing_kind *kind, uint64_t *start, struct failure *failure)
{
    unsigned char b[TRAILING_LOOK + 1];
    size_t n;
    *start = s->position + s->bytes;
    if (!byte_source_peek(source, *start, b, sizeof b, &n, failure)) return false;
    *is_end = n == 0;
    *kind = trailing_begins(b, n, s->layout);
    if (*kind != TRAILING_UNKNOWN || !s->layout || s->bytes % 2 == 0 || n == 0) return true;
    *kind = trailing_begins(b + 1, n - 1, s->layout);
    if (*kind != TRAILING_UNKNOWN || n == 1) (*start)++;
    return true;
}

bool stated_length_reached(struct byte_source *source, const struct stated_length *s,
                           struct settled_length *settled, struct failure *failure)
{
    bool is_end;
    enum trailing_kind kind;
    uint64_t start;
    *settled = (struct settled_length){.bytes = s->bytes, .beyond = AUDIO_UNKNOWN};
    if (!look(source, s, &is_end, &kind, &start, failure)) return false;
    if (is_end) return true;
    if (kind == TRAILING_UNKNOWN && (s->bytes == 0 || stated_length_is_placeholder(s))) {
        read_to_the_end(settled);
        return true;
    }
    if (kind == TRAILING_RECORDING) {
        settled->beyond = start;
    } else {
        if (!byte_source_gather(source, failure) ||
            !find_wrapped(source, s, settled, failure))
            return false;
        if (settled->warnings) return true;
        if (!trailing_other(source, start, s->layout, &settled->beyond, failure)) return false;
    }
    if (settled->beyond != AUDIO_UNKNOWN) settled->warnings = AUDIO_WARN_BEYOND;
    return true;
}

bool stated_length_settle(struct byte_source *source, const struct stated_length *s,
                          struct settled_length *settled, struct failure *failure)
{
    uint64_t size = byte_source_size(source);
    uint64_t there = size > s->position ? size - s->position : 0;
    if (s->bytes == 0 || (size != AUDIO_UNKNOWN && s->bytes < there))
        return stated_length_reached(source, s, settled, failure);
    *settled = (struct settled_length){.bytes = s->bytes, .beyond = AUDIO_UNKNOWN};
    if (size != AUDIO_UNKNOWN && s->bytes > there && stated_length_is_placeholder(s))
        read_to_the_end(settled);
    return true;
}

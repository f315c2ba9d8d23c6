/* SPDX-License-Identifier: MIT */
#include "tools/audio/trailing.h"

#include "tools/audio/little_endian.h"

#include <string.h>

enum { ID3V1_BYTES = 128, ID3V1_MORE_BYTES = 227, APE_BYTES = 32, LYRICS_MOST = 1 << 16 };

/* A cut chunk of more bytes than this is not accepted as a chunk. */
enum { MOST_CUT = 1 << 24 };

static bool begins(const unsigned char *bytes, size_t n, const char *text)
{
    return n >= strlen(text) && memcmp(bytes, text, strlen(text)) == 0;
}

/* A second data chunk is audio too. */
static bool is_recording(const unsigned char *b, size_t n)
{
    static const char *const magic[] = {"RIFF", "RIFX", "RF64", "BW64", "riff", "FORM", "caff",
                                        ".snd", "dns.", "fLaC", "OggS", "NIST", "data", "SSND"};
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
        if (begins(b, n, magic[i])) return true;
    return false;
}

static bool is_id3v2(const unsigned char *b, size_t n, const char *magic)
{
    return n >= 10 && begins(b, n, magic) && b[3] >= 2 && b[3] <= 4 &&
           ((b[6] | b[7] | b[8] | b[9]) & 0x80) == 0;
}

static uint64_t id3v2_bytes(const unsigned char *b)
{
    uint64_t size = (uint64_t)b[6] << 21 | (uint64_t)b[7] << 14 | (uint64_t)b[8] << 7 | b[9];
    return 10 + size + (b[5] & 0x10 ? 10 : 0);
}

/* Returns the size of the tag that begins with b[n]; 0: none does. Lyrics3 states it at its end. */
static uint64_t tag_bytes(const unsigned char *b, size_t n)
{
    if (is_id3v2(b, n, "ID3")) return id3v2_bytes(b);
    if (is_id3v2(b, n, "3DI")) return 10;
    if (begins(b, n, "TAG+")) return ID3V1_MORE_BYTES;
    if (begins(b, n, "TAG")) return ID3V1_BYTES;
    if (begins(b, n, "APETAGEX") && n >= APE_BYTES)
        return APE_BYTES + (le32(b + 20) & 0x20000000 ? le32(b + 12) : 0);
    return 0;
}

/* Finds the position after the Lyrics3 tag; `position` if its end is not found. */
static bool skip_lyrics(struct byte_source *source, uint64_t position, uint64_t *next,
                        struct failure *failure)
{
    unsigned char block[4096 + 9];
    *next = position;
    for (uint64_t skipped = 0; skipped < LYRICS_MOST; skipped += 4096) {
        size_t n;
        if (!byte_source_peek(source, position + skipped, block, sizeof block, &n, failure))
            return false;
        for (size_t i = 0; i + 9 <= n; i++) {
            if (memcmp(block + i, "LYRICSEND", 9) != 0 && memcmp(block + i, "LYRICS200", 9) != 0)
                continue;
            *next = position + skipped + i + 9;
            return true;
        }
    }
    return true;
}

static bool skip_zeros(struct byte_source *source, uint64_t position, uint64_t *next,
                       struct failure *failure)
{
    unsigned char block[1 << 15];
    for (*next = position;;) {
        size_t n, i = 0;
        if (!byte_source_peek(source, *next, block, sizeof block, &n, failure)) return false;
        while (i < n && block[i] == 0) i++;
        *next += i;
        if (i < sizeof block) return true;
    }
}

static bool is_name(const char *id)
{
    for (int i = 0; i < 4; i++)
        if (id[i] < ' ' || id[i] > '~') return false;
    return !is_recording((const unsigned char *)id, 4);
}

static bool skip_chunk(struct byte_source *source, const struct chunk_layout *layout,
                       uint64_t position, uint64_t end, uint64_t *next, struct failure *failure)
{
    struct chunk chunk;
    *next = position;
    if (!chunk_read(source, layout, position, &chunk, failure)) return false;
    if (!chunk.is_there || !is_name(chunk.id) || chunk.content > end) return true;
    if (chunk.size > end - chunk.content && chunk.size >= MOST_CUT) return true;
    *next = chunk.content + chunk.size; /* padding is zeros */
    return true;
}

/* Finds the position after the tag, chunk or padding here; *next = position: there is none. */
static bool skip_one(struct byte_source *source, const struct chunk_layout *layout,
                     uint64_t position, uint64_t end, uint64_t *next, struct failure *failure)
{
    unsigned char b[APE_BYTES];
    size_t n;
    *next = position;
    if (!byte_source_peek(source, position, b, sizeof b, &n, failure)) return false;
    if (n == 0) return true;
    if (b[0] == 0) return skip_zeros(source, position, next, failure);
    if (begins(b, n, "LYRICSBEGIN")) return skip_lyrics(source, position, next, failure);
    *next = position + tag_bytes(b, n);
    if (*next > position || !layout) return true;
    return skip_chunk(source, layout, position, end, next, failure);
}

/* Moves *end before a tag of n bytes if one with this magic ends there, not before `least`. */
static bool cut_fixed(struct byte_source *source, const char *magic, uint64_t n, uint64_t least,
                      uint64_t *end, struct failure *failure)
{
    unsigned char b[4];
    size_t n_there;
    if (*end - least < n) return true;
    if (!byte_source_peek(source, *end - n, b, strlen(magic), &n_there, failure)) return false;
    if (begins(b, n_there, magic)) *end -= n;
    return true;
}

/* An APE tag may have no header, so its end states its size. */
static bool cut_ape(struct byte_source *source, uint64_t least, uint64_t *end,
                    struct failure *failure)
{
    unsigned char b[APE_BYTES];
    size_t n;
    if (*end - least < APE_BYTES) return true;
    if (!byte_source_peek(source, *end - APE_BYTES, b, APE_BYTES, &n, failure)) return false;
    if (!begins(b, n, "APETAGEX")) return true;
    uint64_t size = le32(b + 12), header = le32(b + 20) >> 31 ? APE_BYTES : 0;
    if (size < APE_BYTES || size > *end - least) return true;
    *end -= size;
    return header ? cut_fixed(source, "APET", header, least, end, failure) : true;
}

static bool cut_lyrics(struct byte_source *source, uint64_t least, uint64_t *end,
                       struct failure *failure)
{
    static const size_t n_last = 9;
    unsigned char block[LYRICS_MOST];
    size_t n;
    uint64_t at = *end - least < sizeof block ? least : *end - sizeof block;
    if (*end - least < n_last) return true;
    if (!byte_source_peek(source, *end - n_last, block, n_last, &n, failure)) return false;
    if (!begins(block, n, "LYRICSEND") && !begins(block, n, "LYRICS200")) return true;
    if (!byte_source_peek(source, at, block, (size_t)(*end - at), &n, failure)) return false;
    for (size_t i = n; i-- > 0;) {
        if (!begins(block + i, n - i, "LYRICSBEGIN")) continue;
        *end = at + i;
        return true;
    }
    return true;
}

bool trailing_cut_tags(struct byte_source *source, uint64_t least, uint64_t *end,
                       struct failure *failure)
{
    return cut_fixed(source, "TAG", ID3V1_BYTES, least, end, failure) &&
           cut_fixed(source, "TAG+", ID3V1_MORE_BYTES, least, end, failure) &&
           cut_ape(source, least, end, failure) && cut_lyrics(source, least, end, failure) &&
           cut_ape(source, least, end, failure);
}

bool trailing_other(struct byte_source *source, uint64_t position,
                    const struct chunk_layout *layout, uint64_t *other, struct failure *failure)
{
    uint64_t end = byte_source_size(source), next = position;
    *other = AUDIO_UNKNOWN;
    if (position >= end) return true;
    if (!trailing_cut_tags(source, position, &end, failure)) return false;
    while (position < end) {
        if (!skip_one(source, layout, position, end, &next, failure)) return false;
        if (next == position) {
            *other = position;
            return true;
        }
        position = next;
    }
    return true;
}

enum trailing_kind trailing_begins(const unsigned char *bytes, size_t n,
                                   const struct chunk_layout *layout)
{
    char id[5] = "";
    if (n < TRAILING_LOOK) return TRAILING_UNKNOWN;
    if (is_recording(bytes, n)) return TRAILING_RECORDING;
    if (tag_bytes(bytes, n) > 0 || begins(bytes, n, "APETAGEX") || begins(bytes, n, "LYRICSBEGIN"))
        return TRAILING_TAG;
    if (!layout || layout->id_bytes != 4) return TRAILING_UNKNOWN;
    memcpy(id, bytes, 4);
    uint64_t size = chunk_number(bytes + 4, layout->size_bytes, layout->is_big_endian);
    return is_name(id) && size < MOST_CUT ? TRAILING_TAG : TRAILING_UNKNOWN;
}

/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "tools/audio/flac_links.h"

#include "tools/audio/flac_frames.h"

#include <string.h>

/* The mark, then the first block: STREAMINFO (last or not), 34 bytes. */
enum { MARK = 4, HEAD = 8, INFO = 34, BUFFER_BYTES = 1 << 16 };

static bool is_header(const unsigned char *b)
{
    const unsigned char *info = b + HEAD;
    unsigned least = (unsigned)info[0] << 8 | info[1], most = (unsigned)info[2] << 8 | info[3];
    unsigned rate_hz = (unsigned)info[10] << 12 | (unsigned)info[11] << 4 | info[12] >> 4;
    return (b[MARK] & 0x7F) == 0 && b[5] == 0 && b[6] == 0 && b[7] == INFO && least >= 16 &&
           least <= most && rate_hz > 0;
}

static bool add(struct stream_links *links, struct byte_source *source, struct byte_range bytes,
                struct failure *failure)
{
    uint64_t rest;
    struct stream_link *link = stream_links_add(links, bytes.begin, failure);
    if (!link || !flac_frames_rest(source, bytes, &rest, failure)) return false;
    link->has_audio = true;
    stream_links_note_junk(links, rest, bytes.end);
    return stream_links_add_run(links, bytes.begin, bytes.end, failure) != NULL;
}

/* Finds the next header from `position` on; the file's end if there is none. */
static bool find_next(struct byte_source *source, uint64_t position, uint64_t *next,
                      struct failure *failure)
{
    unsigned char buffer[BUFFER_BYTES];
    for (*next = byte_source_size(source);;) {
        size_t n, i = 0;
        if (!byte_source_peek(source, position, buffer, sizeof buffer, &n, failure)) return false;
        while (n >= HEAD + INFO && i <= n - (HEAD + INFO)) {
            const unsigned char *found = memmem(buffer + i, n - (HEAD + INFO) + MARK - i, "fLaC",
                                                MARK);
            if (!found) break;
            i = (size_t)(found - buffer);
            if (is_header(found)) {
                *next = position + i;
                return true;
            }
            i++;
        }
        if (n < sizeof buffer) return true;
        position += n - (HEAD + INFO) + 1;
    }
}

bool flac_links_find(struct stream_links *links, struct byte_source *source, uint64_t begin,
                     struct failure *failure)
{
    uint64_t size = byte_source_size(source), link = 0, next;
    for (uint64_t position = begin; link < size; link = position = next) {
        if (!find_next(source, position + MARK, &next, failure) ||
            !add(links, source, (struct byte_range){link, next}, failure))
            return false;
    }
    return true;
}

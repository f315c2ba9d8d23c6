/* SPDX-License-Identifier: MIT */
#include "tools/audio/link_search.h"

#include "tools/audio/flac_links.h"
#include "tools/audio/mpeg_links.h"
#include "tools/audio/ogg_links.h"

#include <string.h>

/* Reads the audio's first bytes, after any ID3v2 tag; *begin moves there. */
static bool find_start(struct byte_source *source, uint64_t *begin, unsigned char *start,
                       struct failure *failure)
{
    unsigned char tag[10];
    size_t n;
    if (!byte_source_peek(source, *begin, tag, sizeof tag, &n, failure)) return false;
    if (n == sizeof tag && memcmp(tag, "ID3", 3) == 0)
        *begin += 10 + ((uint64_t)(tag[6] & 0x7F) << 21 | (uint64_t)(tag[7] & 0x7F) << 14 |
                       (uint64_t)(tag[8] & 0x7F) << 7 | (tag[9] & 0x7F));
    memset(start, 0, 4);
    return byte_source_peek(source, *begin, start, 4, &n, failure);
}

bool stream_links_find(struct stream_links *links, struct byte_source *source, uint64_t begin,
                       struct failure *failure)
{
    unsigned char start[4];
    *links = (struct stream_links){.label = byte_source_label(source)};
    if (!find_start(source, &begin, start, failure)) return false;
    bool good = memcmp(start, "OggS", 4) == 0   ? ogg_links_find(links, source, begin, failure)
                : memcmp(start, "fLaC", 4) == 0 ? flac_links_find(links, source, begin, failure)
                : mpeg_header_bytes(start) > 0  ? mpeg_links_find(links, source, begin, failure)
                                                : true;
    if (!good || links->n_link > 0) return good;
    struct stream_link *link = stream_links_add(links, 0, failure);
    if (!link) return false;
    link->has_audio = true;
    return stream_links_add_run(links, 0, byte_source_size(source), failure) != NULL;
}

/* SPDX-License-Identifier: MIT */
/* The pages of an Ogg file (RFC 3533), one after another, each with its checksum verified. */
#ifndef VOQ_TOOLS_OGG_PAGE_H
#define VOQ_TOOLS_OGG_PAGE_H

#include "tools/audio/byte_source.h"

#define OGG_NO_GRANULE UINT64_MAX /* no packet ends in the page */

struct ogg_page {
    uint64_t begin, end; /* bytes of the file */
    uint64_t granule;
    uint32_t serial, sequence;
    unsigned n_packet;          /* that end in it */
    bool is_first, is_last;     /* of its stream */
    unsigned char start[20];    /* of its body; the rest is 0 */
};

struct ogg_pages;

/* Reads pages from a position on. */
bool ogg_pages_open(struct ogg_pages **pages, struct byte_source *source, uint64_t position,
                    struct failure *failure);

/* Reads the next valid page, skipping other bytes; *found = false: there is none, and page->begin
   is the end of the file. */
bool ogg_pages_next(struct ogg_pages *pages, struct ogg_page *page, bool *found,
                    struct failure *failure);

/* Reads only the header of a page that is damaged or cut by the end of the file. False: there is no
   header. */
bool ogg_page_peek(struct byte_source *source, uint64_t position, struct ogg_page *page,
                   struct failure *failure);

void ogg_pages_close(struct ogg_pages *pages); /* NULL is allowed */

#endif

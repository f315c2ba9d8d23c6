/* SPDX-License-Identifier: MIT */
/* A file may hold several streams one after another: the links of a chain. Each link is one or more
   runs of bytes that a decoder can read alone after the link's headers; audio is missing between
   two runs of one link. */
#ifndef VOQ_TOOLS_STREAM_LINKS_H
#define VOQ_TOOLS_STREAM_LINKS_H

#include "tools/audio/byte_source.h"

#define NO_GRANULE UINT64_MAX

struct byte_range {
    uint64_t begin, end;
};

struct stream_run {
    struct byte_range bytes;
    /* Ogg: the first and the last position that pages of the run state. */
    uint64_t first_granule, last_granule;
    uint64_t granule_before_last; /* of the page before the last; NO_GRANULE */
    uint64_t first_end;  /* byte after the page that states first_granule */
    bool first_is_final; /* that page ends the stream: how much of it is cut off is unknown */
};

struct stream_link {
    uint64_t begin;            /* byte */
    struct byte_range *header; /* [n_header] what every run needs before it */
    size_t n_header, header_capacity;
    size_t first_run, n_run;
    bool is_ogg;
    bool has_audio;         /* in a format that libsndfile may know */
    bool lost_first;        /* pages are missing between the headers and the first run */
    bool is_ended;          /* Ogg: its last page is marked as the last */
    bool is_broken_off;     /* MPEG: damage ends it before its stated length */
    uint32_t n_uncounted;   /* MPEG: frames of changing bit rates that no first frame counts */
    unsigned n_beside;      /* other audio streams in the same link, not read */
    uint32_t granule_hz;    /* 48000 for Opus; 0: the rate of the audio */
    uint32_t pre_skip;      /* granules before the first sample */
    uint64_t tail_granule;  /* where an unreadable page at the end would have ended; NO_GRANULE */
};

struct stream_links {
    const char *label;        /* the file's name in messages */
    struct stream_link *link; /* [n_link] */
    size_t n_link, link_capacity;
    struct stream_run *run; /* [n_run], those of a link together */
    size_t n_run, run_capacity;
    struct byte_range junk; /* the first bytes that belong neither to a stream nor to a tag */
    uint64_t n_junk;        /* all such bytes */
    bool is_damaged;        /* they held audio: times after them are wrong */
};

void stream_links_free(struct stream_links *links);

/* For the modules that find the links of a format. */
struct stream_link *stream_links_add(struct stream_links *links, uint64_t begin,
                                     struct failure *failure);
/* Adds to the last link. */
struct stream_run *stream_links_add_run(struct stream_links *links, uint64_t begin, uint64_t end,
                                        struct failure *failure);
bool stream_links_add_header(struct stream_links *links, struct byte_range bytes,
                             struct failure *failure);
void stream_links_note_junk(struct stream_links *links, uint64_t begin, uint64_t end);

#endif

/* SPDX-License-Identifier: MIT */
#include "tools/audio/ogg_links.h"

#include "tools/audio/little_endian.h"
#include "tools/audio/ogg_page.h"
#include "tools/audio/trailing.h"

#include <string.h>

/* Streams of a link that are kept track of; pages of others are reported as not read. */
enum { MOST_STREAMS = 32 };

/* At most this many places between pages are searched for tags. */
enum { MOST_RESTS = 1000 };

/* Where the walk over the pages is. */
struct walk {
    struct stream_links *links;
    struct byte_source *source;
    struct stream_link *link;      /* the last; NULL: none yet */
    struct stream_run *run;        /* the last of the link; NULL: none yet */
    uint32_t stream[MOST_STREAMS]; /* serial numbers of the link */
    size_t n_stream;
    bool run_is_over;      /* the next pages cannot belong to it */
    bool in_head;          /* so far the link is first pages only */
    uint32_t serial;       /* of the audio */
    uint32_t next;         /* the sequence number due */
    unsigned n_header_due; /* packets */
    uint64_t position;     /* after the last page */
    unsigned n_rest;       /* places between pages so far */
    struct byte_range rest; /* bytes before this page that are neither page nor tag; or empty */
};

static unsigned header_packets(const struct ogg_page *page)
{
    if (memcmp(page->start, "\1vorbis", 7) == 0) return 3;
    if (memcmp(page->start, "OpusHead", 8) == 0) return 2;
    if (memcmp(page->start, "Speex   ", 8) == 0) return 2;
    if (memcmp(page->start, "\177FLAC", 5) == 0) return 1u + page->start[7] * 256u + page->start[8];
    return 0;
}

/* The expected page may be there, damaged or cut off: its header states how much audio it held. */
static bool is_tail(const struct walk *walk, uint64_t *granule)
{
    enum { MOST_SAMPLES = 255 * 8192 }; /* of a page */
    struct ogg_page page;
    struct failure ignored;
    if (!walk->run || walk->run->last_granule == NO_GRANULE ||
        !ogg_page_peek(walk->source, walk->rest.begin, &page, &ignored))
        return false;
    *granule = page.granule;
    return page.serial == walk->serial && page.sequence == walk->next &&
           page.granule != OGG_NO_GRANULE && page.granule > walk->run->last_granule &&
           page.granule - walk->run->last_granule < MOST_SAMPLES;
}

static void note_rest(struct walk *walk)
{
    stream_links_note_junk(walk->links, walk->rest.begin, walk->rest.end);
    walk->rest = (struct byte_range){0, 0};
}

/* Ends the link; one without audio gets an empty run. */
static bool end_link(struct walk *walk, struct failure *failure)
{
    uint64_t granule;
    if (walk->rest.begin < walk->rest.end && is_tail(walk, &granule)) {
        walk->link->tail_granule = granule;
        walk->rest = (struct byte_range){0, 0};
    }
    note_rest(walk);
    return !walk->link || walk->run ||
           stream_links_add_run(walk->links, walk->link->begin, walk->link->begin, failure);
}

/* Takes the first page of a stream: of a new link, or beside others. */
static bool begin_stream(struct walk *walk, const struct ogg_page *page, struct failure *failure)
{
    unsigned n_packet = header_packets(page);
    if (!walk->in_head) {
        if (!end_link(walk, failure)) return false;
        walk->link = stream_links_add(walk->links, page->begin, failure);
        if (!walk->link) return false;
        walk->link->is_ogg = true;
        walk->run = NULL;
        walk->run_is_over = false;
        walk->n_stream = 0;
        walk->in_head = true;
    }
    if (walk->n_stream < MOST_STREAMS) walk->stream[walk->n_stream++] = page->serial;
    if (n_packet == 0) return true;
    if (walk->link->has_audio) {
        walk->link->n_beside++;
        return true;
    }
    walk->link->has_audio = true;
    if (page->start[0] == 'O') {
        walk->link->granule_hz = 48000;
        walk->link->pre_skip = le16(page->start + 10);
    }
    walk->serial = page->serial;
    walk->next = page->sequence + 1;
    walk->n_header_due = n_packet > page->n_packet ? n_packet - page->n_packet : 0;
    return stream_links_add_header(walk->links, (struct byte_range){page->begin, page->end},
                                   failure);
}

/* Whether the page repeats one of the last pages. */
static bool is_repeated(const struct walk *walk, const struct ogg_page *page)
{
    enum { MOST_BACK = 8 };
    return walk->run && walk->next - page->sequence - 1 < MOST_BACK &&
           page->granule <= walk->run->last_granule &&
           walk->run->last_granule != NO_GRANULE;
}

static bool add_audio(struct walk *walk, const struct ogg_page *page, struct failure *failure)
{
    if (is_repeated(walk, page)) {
        walk->run_is_over = true;
        stream_links_note_junk(walk->links, page->begin, page->end);
        return true;
    }
    bool is_due = page->sequence == walk->next;
    walk->next = page->sequence + 1;
    if (is_due) note_rest(walk);
    walk->rest = (struct byte_range){0, 0}; /* else the hole is reported */
    if (walk->n_header_due > 0 && is_due) {
        walk->n_header_due -= page->n_packet < walk->n_header_due ? page->n_packet
                                                                   : walk->n_header_due;
        return stream_links_add_header(walk->links, (struct byte_range){page->begin, page->end},
                                       failure);
    }
    walk->n_header_due = 0;
    if (!walk->run || !is_due || walk->run_is_over) {
        walk->run_is_over = false;
        if (!walk->run) walk->link->lost_first = !is_due;
        walk->run = stream_links_add_run(walk->links, page->begin, page->end, failure);
        if (!walk->run) return false;
    }
    struct stream_run *run = walk->run;
    run->bytes.end = page->end;
    walk->link->is_ended = page->is_last;
    if (page->granule == OGG_NO_GRANULE) return true;
    if (run->first_granule == NO_GRANULE) {
        run->first_granule = page->granule;
        run->first_end = page->end;
        run->first_is_final = page->is_last;
    }
    run->granule_before_last = run->last_granule;
    run->last_granule = page->granule;
    return true;
}

static bool is_known(const struct walk *walk, uint32_t serial)
{
    for (size_t i = 0; i < walk->n_stream; i++)
        if (walk->stream[i] == serial) return true;
    return false;
}

static bool take_page(struct walk *walk, const struct ogg_page *page, struct failure *failure)
{
    if (page->is_first) return begin_stream(walk, page, failure);
    walk->in_head = false;
    if (!walk->link || !is_known(walk, page->serial))
        stream_links_note_junk(walk->links, page->begin, page->end);
    else if (walk->link->has_audio && page->serial == walk->serial)
        return add_audio(walk, page, failure);
    return true;
}

static bool take_rest(struct walk *walk, uint64_t end, struct failure *failure)
{
    uint64_t other = walk->position;
    if (walk->position == end) return true;
    if (walk->n_rest++ < MOST_RESTS &&
        !trailing_other(walk->source, walk->position, NULL, &other, failure))
        return false;
    if (other >= end) return true;
    note_rest(walk);
    walk->rest = (struct byte_range){other, end};
    return true;
}

bool ogg_links_find(struct stream_links *links, struct byte_source *source, uint64_t begin,
                    struct failure *failure)
{
    struct walk walk = {.links = links, .source = source, .position = begin};
    struct ogg_pages *pages;
    struct ogg_page page;
    bool found = true;
    if (!ogg_pages_open(&pages, source, begin, failure)) return false;
    bool good = true;
    while (good && (good = ogg_pages_next(pages, &page, &found, failure)) && found) {
        good = take_rest(&walk, page.begin, failure) && take_page(&walk, &page, failure);
        walk.position = page.end;
    }
    ogg_pages_close(pages);
    good = good && take_rest(&walk, byte_source_size(source), failure);
    return good && end_link(&walk, failure);
}

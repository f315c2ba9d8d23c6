/* SPDX-License-Identifier: MIT */
#include "tools/audio/stream_links.h"

#include "tools/base/growing.h"

#include <stdlib.h>

/* A day of radio has some hundreds; a file with more links, runs or header pieces is rejected. */
enum { MOST = 1 << 16 };

static bool make_room(const struct stream_links *links, void *array, size_t n, size_t *capacity,
                      size_t item_bytes, struct failure *failure)
{
    if (n >= MOST)
        return fail(failure, EXIT_INPUT, "%s: more than %d streams or holes; too damaged to read",
                    links->label, MOST);
    return grow(array, capacity, n + 1, item_bytes, failure);
}

struct stream_link *stream_links_add(struct stream_links *links, uint64_t begin,
                                     struct failure *failure)
{
    if (!make_room(links, &links->link, links->n_link, &links->link_capacity, sizeof *links->link,
                   failure))
        return NULL;
    struct stream_link *link = &links->link[links->n_link++];
    *link = (struct stream_link){.begin = begin, .first_run = links->n_run,
                                 .tail_granule = NO_GRANULE};
    return link;
}

struct stream_run *stream_links_add_run(struct stream_links *links, uint64_t begin, uint64_t end,
                                        struct failure *failure)
{
    if (!make_room(links, &links->run, links->n_run, &links->run_capacity, sizeof *links->run,
                   failure))
        return NULL;
    struct stream_run *run = &links->run[links->n_run++];
    *run = (struct stream_run){.bytes = {begin, end}, .first_granule = NO_GRANULE,
                               .last_granule = NO_GRANULE, .granule_before_last = NO_GRANULE};
    links->link[links->n_link - 1].n_run++;
    return run;
}

bool stream_links_add_header(struct stream_links *links, struct byte_range bytes,
                             struct failure *failure)
{
    struct stream_link *link = &links->link[links->n_link - 1];
    if (link->n_header > 0 && link->header[link->n_header - 1].end == bytes.begin) {
        link->header[link->n_header - 1].end = bytes.end;
        return true;
    }
    if (!make_room(links, &link->header, link->n_header, &link->header_capacity, sizeof bytes,
                   failure))
        return false;
    link->header[link->n_header++] = bytes;
    return true;
}

void stream_links_note_junk(struct stream_links *links, uint64_t begin, uint64_t end)
{
    if (begin >= end) return;
    if (links->n_junk == 0) links->junk = (struct byte_range){begin, end};
    links->n_junk += end - begin;
}

void stream_links_free(struct stream_links *links)
{
    for (size_t i = 0; i < links->n_link; i++) free(links->link[i].header);
    free(links->link);
    free(links->run);
    *links = (struct stream_links){0};
}

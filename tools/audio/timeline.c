/* SPDX-License-Identifier: MIT */
/* From the links of a file (stream_links.h) to parts with a place in time.

     add_link         a link of the same rate and channels as the first follows the one before;
                      one of another kind takes up its time, but is not read; one that cannot be
                      opened is marked
     add_runs         a link with holes: each run is placed by the positions on its pages (Ogg's
                      granules). The position on a page is that of its end, so the beginning is
                      found by decoding the run's first page and counting
     place            a position before the end so far, or more than a week after it, is not
                      believed: the part follows at once and is marked as misplaced
     frames_in_chain  in a chain the length that a header states must be checked, because all that
                      follows depends on it

   The sum of all is the length of the file. */
#include "tools/audio/timeline.h"

#include "tools/audio/link_search.h"

#include <stdlib.h>

/* A stream that continues more than LATE_S after its headers was joined late, like live radio; a
   gap above LONGEST_GAP_S is not believed. */
enum { LATE_S = 60, LONGEST_GAP_S = 7 * 24 * 3600 };

/* Adds one link after another. */
struct builder {
    struct timeline *timeline;
    struct byte_source *source;
    uint64_t end; /* frame after the placed parts */
};

/* libsndfile 1.2.0 ignores Opus's pre-skip, until it seeks, if the stream does not begin at 0. */
bool timeline_open_part(const struct timeline_part *part, struct byte_source *source,
                        struct sndfile_part **file, struct failure *failure)
{
    struct sndfile_facts facts;
    bool has_holes = part->link->n_run > 1 || part->link->lost_first;
    if (!sndfile_part_open(file, source, part->link, part->run->bytes, &facts, failure))
        return false;
    return !has_holes || part->link->granule_hz == 0 || sndfile_part_seek(*file, 0, failure);
}

/* Returns how many frames the bytes decode to; 0 if they cannot be decoded. */
static uint64_t count_frames(const struct builder *b, const struct stream_link *link,
                             struct byte_range body)
{
    enum { FLOATS = 1 << 13 };
    float x[FLOATS];
    struct sndfile_part *file;
    struct sndfile_facts facts;
    struct failure ignored;
    uint64_t n = 0;
    size_t n_read = 1;
    if (!sndfile_part_open(&file, b->source, link, body, &facts, &ignored)) return 0;
    while (facts.channels <= FLOATS && n_read > 0) {
        n_read = sndfile_part_read(file, x, FLOATS / facts.channels);
        n += n_read;
    }
    sndfile_part_close(file);
    return n;
}

static uint64_t frame_at(const struct builder *b, const struct stream_link *link,
                         uint64_t granule)
{
    if (granule > INT64_MAX) return 0;
    granule = granule > link->pre_skip ? granule - link->pre_skip : 0;
    if (!link->granule_hz) return granule;
    return granule / (link->granule_hz / b->timeline->facts.rate_hz);
}

/* Finds the frame of the link at which the first decoded sample of a run is. */
static bool find_begin(const struct builder *b, const struct stream_link *link,
                       const struct stream_run *run, uint64_t *begin)
{
    if (run->first_granule == NO_GRANULE || run->first_is_final) return false;
    struct byte_range first = {run->bytes.begin, run->first_end};
    uint64_t end = frame_at(b, link, run->first_granule), n = count_frames(b, link, first);
    if (n == 0) {
        end = frame_at(b, link, run->last_granule);
        n = count_frames(b, link, run->bytes);
    }
    *begin = end - n;
    return n > 0 && n <= end;
}

static struct timeline_part *add(struct builder *b, const struct stream_link *link,
                                 const struct stream_run *run, enum timeline_kind kind)
{
    struct timeline_part *part = &b->timeline->part[b->timeline->n_part++];
    *part = (struct timeline_part){.link = link, .run = run, .kind = kind, .begin = b->end};
    return part;
}

/* Places the part at `begin` if that is possible, else directly after the last one. */
static void place(struct builder *b, struct timeline_part *part, uint64_t begin, uint64_t end)
{
    uint64_t longest = (uint64_t)LONGEST_GAP_S * b->timeline->facts.rate_hz;
    part->is_misplaced = begin < b->end || begin - b->end > longest;
    if (!part->is_misplaced) part->begin = begin;
    part->frames = end > begin ? end - begin : 0;
    part->is_misplaced |= part->frames == 0;
    b->end = part->begin + part->frames;
}

/* Adds a link with holes: the positions on its pages place each run in time. */
static void add_runs(struct builder *b, const struct stream_link *link)
{
    const struct stream_run *run = b->timeline->links.run + link->first_run;
    uint64_t origin = b->end, begin, first = 0; /* first: the position that is time 0 */
    for (size_t i = 0; i < link->n_run; i++) {
        uint64_t end = frame_at(b, link, run[i].last_granule);
        bool known = find_begin(b, link, &run[i], &begin);
        if (i == 0 && known && (!link->lost_first ||
                                begin > (uint64_t)LATE_S * b->timeline->facts.rate_hz))
            first = begin;
        struct timeline_part *part =
            add(b, link, &run[i], known ? TIMELINE_AUDIO : TIMELINE_UNREADABLE);
        if (known)
            place(b, part, origin + begin - first, origin + end - first);
        else
            place(b, part, b->end, run[i].last_granule == NO_GRANULE ? b->end
                                                                       : origin + end - first);
    }
}

/* In libsndfile 1.2.0, seeking into a last page of Vorbis, which may end early, fails. */
static void find_safe_frames(const struct builder *b, struct timeline_part *part)
{
    const struct stream_run *run = part->run;
    part->safe_frames = part->frames;
    if (!part->link->is_ogg || part->link->granule_hz > 0) return;
    uint64_t last = frame_at(b, part->link, run->last_granule);
    uint64_t before = frame_at(b, part->link, run->granule_before_last);
    part->safe_frames = last - before < part->frames ? part->frames - (last - before) : 0;
}

static void add_tail(struct builder *b, const struct stream_link *link)
{
    if (link->tail_granule == NO_GRANULE || link->n_run == 0) return;
    const struct stream_run *last = b->timeline->links.run + link->first_run + link->n_run - 1;
    uint64_t read = frame_at(b, link, last->last_granule);
    uint64_t end = frame_at(b, link, link->tail_granule);
    if (end > read) b->end += end - read;
}

static bool is_alike(const struct sndfile_facts *a, const struct sndfile_facts *b)
{
    return a->rate_hz == b->rate_hz && a->channels == b->channels;
}

/* A link may state too many frames (MPEG) or none (FLAC); later links need the right number. */
static uint64_t frames_in_chain(const struct builder *b, const struct stream_link *link,
                                const struct stream_run *run, const struct sndfile_facts *facts)
{
    if (b->timeline->links.n_link == 1 || (facts->frames != AUDIO_UNKNOWN && facts->slack == 0))
        return facts->frames;
    uint64_t n = count_frames(b, link, run->bytes);
    bool is_cut = facts->frames != AUDIO_UNKNOWN && facts->frames > n + facts->slack;
    return is_cut && !link->is_broken_off ? facts->frames : n;
}

static void add_other(struct builder *b, const struct stream_link *link,
                      const struct stream_run *run, const struct sndfile_facts *facts)
{
    uint32_t rate_hz = b->timeline->facts.rate_hz;
    struct timeline_part *part = add(b, link, run, TIMELINE_OTHER);
    part->rate_hz = facts->rate_hz;
    part->channels = facts->channels;
    uint64_t n = frames_in_chain(b, link, run, facts);
    part->is_misplaced = n / facts->rate_hz > LONGEST_GAP_S;
    if (!part->is_misplaced) part->frames = n * rate_hz / facts->rate_hz;
    b->end += part->frames;
}

/* The facts of the first run that can be opened. */
static bool find_facts(const struct builder *b, const struct stream_link *link,
                       struct sndfile_facts *facts)
{
    const struct stream_run *run = b->timeline->links.run + link->first_run;
    struct sndfile_part *file;
    struct failure ignored;
    for (size_t i = 0; link->has_audio && i < link->n_run; i++) {
        if (!sndfile_part_open(&file, b->source, link, run[i].bytes, facts, &ignored)) continue;
        sndfile_part_close(file);
        return true;
    }
    return false;
}

static void add_link(struct builder *b, const struct stream_link *link)
{
    struct timeline *timeline = b->timeline;
    const struct stream_run *run = timeline->links.run + link->first_run;
    struct sndfile_facts facts;
    size_t first = timeline->n_part;
    if (!find_facts(b, link, &facts)) {
        add(b, link, run, TIMELINE_UNREADABLE)->is_misplaced = true;
        return;
    }
    if (timeline->facts.rate_hz == 0) timeline->facts = facts;
    if (!is_alike(&timeline->facts, &facts)) {
        add_other(b, link, run, &facts);
    } else if (link->n_run > 1 || link->lost_first) {
        add_runs(b, link);
    } else {
        struct timeline_part *part = add(b, link, run, TIMELINE_AUDIO);
        part->frames = frames_in_chain(b, link, run, &facts);
        b->end += part->frames;
    }
    add_tail(b, link);
    for (; first < timeline->n_part; first++) find_safe_frames(b, &timeline->part[first]);
}

bool timeline_make(struct timeline *timeline, struct byte_source *source, uint64_t begin,
                   struct failure *failure)
{
    struct builder builder = {timeline, source, 0};
    *timeline = (struct timeline){.n_part = 0};
    if (!stream_links_find(&timeline->links, source, begin, failure)) return false;
    const struct stream_links *links = &timeline->links;
    timeline->part = calloc(links->n_run + 1, sizeof *timeline->part);
    if (!timeline->part) return fail_memory(failure);
    for (size_t i = 0; i < links->n_link; i++) add_link(&builder, &links->link[i]);
    if (timeline->facts.rate_hz == 0) return sndfile_part_fail(source, failure);
    timeline->facts.frames = builder.end;
    return true;
}

void timeline_free(struct timeline *timeline)
{
    stream_links_free(&timeline->links);
    free(timeline->part);
}

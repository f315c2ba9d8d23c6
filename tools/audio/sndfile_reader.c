/* SPDX-License-Identifier: MIT */
#include "tools/audio/sndfile_reader.h"

#include "tools/audio/loss_notes.h"
#include "tools/audio/timeline.h"

#include <stdlib.h>

struct sndfile_reader {
    struct byte_source *source;
    struct timeline timeline;
    size_t current;            /* part */
    struct sndfile_part *file; /* the current part's; NULL: not open */
    bool is_entered;           /* losses at the current part are noted */
    uint64_t position;         /* frame to read next */
    struct loss_notes notes;
};

bool sndfile_reader_open(struct sndfile_reader **reader, struct byte_source *source,
                         uint64_t begin, struct sndfile_facts *facts, struct failure *failure)
{
    struct sndfile_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->source = source;
    if (!timeline_make(&r->timeline, source, begin, failure)) {
        sndfile_reader_close(r);
        return false;
    }
    *facts = r->timeline.facts;
    *reader = r;
    return true;
}

static void close_file(struct sndfile_reader *r)
{
    sndfile_part_close(r->file);
    r->file = NULL;
}

static bool open_current(struct sndfile_reader *r, struct failure *failure)
{
    return r->file || timeline_open_part(&r->timeline.part[r->current], r->source, &r->file,
                                         failure);
}

/* Moves to a frame of the current part: by reading, if seeking would miss it. */
static bool seek_part(struct sndfile_reader *r, uint64_t frame, struct failure *failure)
{
    enum { FLOATS = 1 << 13, BACK = 4096 };
    const struct timeline_part *part = &r->timeline.part[r->current];
    uint64_t from = frame;
    float x[FLOATS];
    if (frame >= part->safe_frames) {
        close_file(r); /* a file that was just opened is at 0 */
        from = part->safe_frames > BACK ? part->safe_frames - BACK : 0;
    }
    if (!open_current(r, failure)) return false;
    if (from > 0 && !sndfile_part_seek(r->file, from, failure)) return false;
    while (from < frame) {
        uint64_t n = FLOATS / r->timeline.facts.channels;
        if (n > frame - from) n = frame - from;
        size_t n_read = sndfile_part_read(r->file, x, (size_t)n);
        if (n_read == 0) break;
        from += n_read;
    }
    return true;
}

bool sndfile_reader_seek(struct sndfile_reader *r, uint64_t frame, struct failure *failure)
{
    const struct timeline_part *part = r->timeline.part;
    size_t i = 0;
    while (i + 1 < r->timeline.n_part && frame >= part[i].begin + part[i].frames) i++;
    if (i != r->current) close_file(r);
    r->current = i;
    r->is_entered = false;
    r->position = frame;
    return part[i].kind != TIMELINE_AUDIO || frame < part[i].begin ||
           seek_part(r, frame - part[i].begin, failure);
}

static double seconds(const struct sndfile_reader *r, uint64_t frames)
{
    return (double)frames / r->timeline.facts.rate_hz;
}

static void note_other(struct sndfile_reader *r, const struct timeline_part *part)
{
    const struct sndfile_facts *first = &r->timeline.facts;
    loss_notes_add(&r->notes,
                   "at %.3f s, byte %llu, a stream of %u Hz and %u channel%s follows one of %u Hz "
                   "and %u; its %.3f s are not read", seconds(r, part->begin),
                   (unsigned long long)part->link->begin, part->rate_hz, part->channels,
                   part->channels == 1 ? "" : "s", first->rate_hz, first->channels,
                   seconds(r, part->frames));
}

/* Notes what is missing before or instead of the current part. */
static void note(struct sndfile_reader *r, uint64_t n_lost)
{
    const struct timeline_part *part = &r->timeline.part[r->current];
    bool is_audio = part->kind == TIMELINE_AUDIO;
    unsigned long long byte = is_audio ? part->run->bytes.begin : part->run->bytes.end;
    double at = seconds(r, r->position);
    if (is_audio && n_lost == 0 && !part->is_misplaced) return;
    r->notes.is_misplaced |= part->is_misplaced;
    if (part->kind == TIMELINE_OTHER)
        note_other(r, part);
    else if (n_lost > 0)
        loss_notes_add(&r->notes, "damaged: %.3f s of audio are lost at %.3f s, before byte %llu",
                       seconds(r, n_lost), at, byte);
    else if (is_audio)
        loss_notes_add(&r->notes, "damaged: audio is lost at %.3f s, before byte %llu", at, byte);
    else
        loss_notes_add(&r->notes, "the stream at %.3f s, byte %llu, cannot be read", at,
                       (unsigned long long)part->link->begin);
}

/* Frames that are missing before the current part, or that make it up. */
static uint64_t missing(const struct sndfile_reader *r)
{
    const struct timeline_part *part = &r->timeline.part[r->current];
    uint64_t until = part->begin + (part->kind == TIMELINE_AUDIO ? 0 : part->frames);
    return r->position < until ? until - r->position : 0;
}

static bool read_part(struct sndfile_reader *r, float *x, size_t n, size_t *n_read,
                      struct failure *failure)
{
    const struct timeline_part *part = &r->timeline.part[r->current];
    uint64_t end = part->begin + part->frames;
    if (part->kind != TIMELINE_AUDIO || r->position >= end) return true;
    if (!open_current(r, failure)) return false;
    if (n > end - r->position) n = (size_t)(end - r->position);
    *n_read = sndfile_part_read(r->file, x, n);
    r->position += *n_read;
    return true;
}

bool sndfile_reader_read(struct sndfile_reader *r, float *x, size_t n, size_t *n_read,
                         uint64_t *n_lost, struct failure *failure)
{
    *n_read = 0;
    *n_lost = 0;
    while (r->current < r->timeline.n_part) {
        *n_lost = missing(r);
        if (!r->is_entered) note(r, *n_lost);
        r->is_entered = true;
        r->position += *n_lost;
        if (*n_lost > 0) return true;
        if (!read_part(r, x, n, n_read, failure)) return false;
        if (*n_read > 0) return true;
        close_file(r);
        r->current++;
        r->is_entered = false;
    }
    return true;
}

/* Notes what concerns whole links. */
static void note_links(struct sndfile_reader *r)
{
    const struct stream_links *links = &r->timeline.links;
    for (size_t i = 0; i < links->n_link; i++)
        if (links->link[i].n_beside > 0)
            loss_notes_add(&r->notes,
                           "the stream at byte %llu has %u interleaved audio streams; the first "
                           "one is read", (unsigned long long)links->link[i].begin,
                           links->link[i].n_beside + 1);
    r->notes.is_misplaced |= links->is_damaged;
    if (links->n_junk > 0)
        loss_notes_add(&r->notes,
                       "%llu bytes from byte %llu on are not audio that can be "
                       "read", (unsigned long long)links->n_junk,
                       (unsigned long long)links->junk.begin);
}

unsigned sndfile_reader_warnings(struct sndfile_reader *r, bool at_end)
{
    const struct stream_links *links = &r->timeline.links;
    const struct stream_link *last = &links->link[links->n_link - 1];
    bool is_open = last->is_ogg && !last->is_ended && last->tail_granule == NO_GRANULE &&
                   links->n_junk == 0;
    if (at_end) note_links(r);
    return (r->notes.n > 0 ? AUDIO_WARN_LOST : 0u) |
           (at_end && is_open ? AUDIO_WARN_OPEN_END : 0u);
}

const char *sndfile_reader_loss(const struct sndfile_reader *r, char *text, size_t size)
{
    return loss_notes_text(&r->notes, text, size);
}

void sndfile_reader_close(struct sndfile_reader *r)
{
    if (!r) return;
    close_file(r);
    timeline_free(&r->timeline);
    free(r);
}

/* SPDX-License-Identifier: MIT */
#include "tools/audio/frame_reader.h"

#include "tools/audio/pcm_reader.h"
#include "tools/audio/sndfile_reader.h"
#include "tools/audio/trailing.h"

#include <stdlib.h>
#include <string.h>

/* One of the two readers is NULL. */
struct frame_reader {
    struct byte_source *source;
    struct sndfile_reader *sndfile;
    struct pcm_reader *pcm;
    struct settled_length settled; /* for the sndfile reader */
    uint32_t slack;
};

/* Copies a pipe only if it begins like audio: another one may never end. */
static bool spool(struct byte_source *source, struct failure *failure)
{
    static const char *const magic[] = {"RIFF", "RIFX", "RF64", "riff", "fLaC", "OggS", "FORM",
                                        "caff", ".snd", "dns.", "NIST", "ID3",  "Crea", " paf",
                                        "fap ", "2BIT", "MATL", "PVF1", "\x64\xA3"};
    unsigned char start[4];
    size_t n;
    if (!byte_source_peek(source, 0, start, sizeof start, &n, failure)) return false;
    bool is_known = n < sizeof start || (start[0] == 0xFF && start[1] >= 0xE0); /* MPEG */
    for (size_t i = 0; n == sizeof start && i < sizeof magic / sizeof *magic; i++)
        is_known |= memcmp(start, magic[i], strlen(magic[i])) == 0;
    if (is_known) return byte_source_spool(source, failure);
    if (sndfile_part_is_tar(source)) return sndfile_part_fail(source, failure);
    return fail(failure, EXIT_INPUT,
                "%s: this audio cannot be read from a pipe; give it as a file or as WAV; for "
                "headerless samples use voq encode --raw", byte_source_label(source));
}

/* Returns how many bytes follow a position. */
static uint64_t bytes_behind(const struct byte_source *source, uint64_t position)
{
    uint64_t size = byte_source_size(source);
    return size > position ? size - position : 0;
}

/* A recording without a length ends where another one of its kind, or its tags, begin. */
static bool find_end(struct frame_reader *r, uint64_t position, struct failure *failure)
{
    if (r->settled.bytes != AUDIO_UNKNOWN) return true;
    if (!container_length_again(r->source, position, &r->settled.beyond, failure)) return false;
    uint64_t end = r->settled.beyond;
    if (end == AUDIO_UNKNOWN) {
        end = position + bytes_behind(r->source, position);
        if (!trailing_cut_tags(r->source, position, &end, failure)) return false;
    } else {
        r->settled.warnings |= AUDIO_WARN_BEYOND;
    }
    r->settled.bytes = end - position;
    return true;
}

/* Makes libsndfile read to the end that the length means. */
static bool settle_length(struct frame_reader *r, const struct container_length *length,
                          struct failure *failure)
{
    const struct stated_length *stated = &length->stated;
    uint64_t there = bytes_behind(r->source, stated->position);
    if (!stated_length_settle(r->source, stated, &r->settled, failure) ||
        !find_end(r, stated->position, failure))
        return false;
    if (r->settled.bytes < there) there = r->settled.bytes;
    if (there != stated->bytes) container_length_mend(r->source, length, there);
    container_length_limit(r->source, length, &r->settled);
    return true;
}

/* For a file that was cut short, more than are there; for compressed audio, estimated by the share
   of its bytes. */
static uint64_t declared_frames(const struct frame_reader *r, const struct sndfile_facts *found,
                                const struct stated_length *stated)
{
    uint64_t there = bytes_behind(r->source, stated->position), frames = found->frames;
    if (found->frame_bytes > 0) return stated->bytes / found->frame_bytes;
    if (frames == AUDIO_UNKNOWN) return frames;
    if (frames == 0) return 1;
    uint64_t share = (uint64_t)((double)frames * (double)stated->bytes / (double)there);
    return share > frames ? share : frames + 1;
}

static bool open_sndfile(struct frame_reader *r, const struct wave_header *header,
                         struct audio_facts *facts, struct failure *failure)
{
    struct sndfile_facts found;
    struct container_length length = header->length;
    if (!byte_source_is_file(r->source) && !spool(r->source, failure)) return false;
    if (!header->is_wave && !container_length_read(r->source, &length, failure)) return false;
    if (length.is_known && !settle_length(r, &length, failure)) return false;
    uint64_t begin = header->is_mpeg ? length.stated.position : 0;
    if (!sndfile_reader_open(&r->sndfile, r->source, begin, &found, failure)) return false;
    facts->rate_hz = found.rate_hz;
    facts->channels = found.channels;
    facts->format = found.format;
    bool cut = length.is_known && r->settled.bytes != AUDIO_UNKNOWN &&
               r->settled.bytes > bytes_behind(r->source, length.stated.position);
    r->slack = cut ? 0 : found.slack;
    facts->declared_frames = cut ? declared_frames(r, &found, &length.stated) : found.frames;
    return true;
}

static bool open_by_content(struct frame_reader *r, const struct audio_request *request,
                            struct audio_facts *facts, struct failure *failure)
{
    struct wave_header header;
    const struct stated_length *stated = &header.length.stated;
    if (!wave_header_read(r->source, &header, failure)) return false;
    if (request->offset > 0 && !request->member) {
        if (!header.is_wave || stated->bytes == 0 || stated_length_is_placeholder(stated))
            return fail(failure, EXIT_INPUT, "%s: byte %llu: no WAV of known length there",
                        byte_source_label(r->source), (unsigned long long)request->offset);
        byte_source_limit(r->source, stated->position + stated->bytes);
    }
    return header.is_wave && header.is_pcm
               ? pcm_reader_open_wave(&r->pcm, r->source, &header, facts, failure)
               : open_sndfile(r, &header, facts, failure);
}

static bool check_not_empty(struct byte_source *source, struct failure *failure)
{
    char first;
    size_t n;
    if (!byte_source_peek(source, 0, &first, 1, &n, failure)) return false;
    return n > 0 ? true
                 : fail(failure, EXIT_INPUT, "%s: is empty", byte_source_label(source));
}

bool frame_reader_open(struct frame_reader **reader, struct byte_source *source,
                       const struct audio_request *request, struct audio_facts *facts,
                       struct failure *failure)
{
    bool is_pipe = !byte_source_is_file(source);
    struct frame_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->source = source;
    r->settled.beyond = AUDIO_UNKNOWN;
    if (!check_not_empty(source, failure) ||
        !(request->raw ? pcm_reader_open_raw(&r->pcm, source, request->raw, facts, failure)
                       : open_by_content(r, request, facts, failure))) {
        frame_reader_close(r);
        return false;
    }
    facts->decoded = r->sndfile != NULL;
    facts->streaming = is_pipe && !facts->decoded;
    facts->rereadable = !is_pipe && strcmp(request->path, "-") != 0;
    *reader = r;
    return true;
}

bool frame_reader_seek(struct frame_reader *r, uint64_t frame, struct failure *failure)
{
    return r->pcm ? pcm_reader_seek(r->pcm, frame, failure)
                  : sndfile_reader_seek(r->sndfile, frame, failure);
}

bool frame_reader_read(struct frame_reader *r, float *x, size_t n, size_t *n_read,
                       uint64_t *n_lost, struct failure *failure)
{
    *n_lost = 0;
    if (r->pcm) return pcm_reader_read(r->pcm, x, n, n_read, failure);
    return sndfile_reader_read(r->sndfile, x, n, n_read, n_lost, failure);
}

uint32_t frame_reader_slack(const struct frame_reader *r)
{
    return r->slack;
}

unsigned frame_reader_warnings(struct frame_reader *r, bool at_end)
{
    if (r->pcm) return pcm_reader_warnings(r->pcm) & (at_end ? ~0u : AUDIO_WARN_LAYOUT);
    return sndfile_reader_warnings(r->sndfile, at_end) | (at_end ? r->settled.warnings : 0);
}

const char *frame_reader_loss(const struct frame_reader *r, char *text, size_t size)
{
    return sndfile_reader_loss(r->sndfile, text, size);
}

uint64_t frame_reader_beyond(const struct frame_reader *r)
{
    return r->pcm ? pcm_reader_beyond(r->pcm) : r->settled.beyond;
}

void frame_reader_layout_text(const struct frame_reader *r, char *text, size_t size)
{
    if (r->pcm) pcm_reader_layout_text(r->pcm, text, size);
}

void frame_reader_close(struct frame_reader *r)
{
    if (!r) return;
    sndfile_reader_close(r->sndfile);
    pcm_reader_close(r->pcm);
    free(r);
}

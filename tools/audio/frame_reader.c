/* SPDX-License-Identifier: MIT */
#include "tools/audio/frame_reader.h"

#include "tools/audio/container_length.h"
#include "tools/audio/pcm.h"
#include "tools/audio/sndfile_reader.h"
#include "tools/audio/wave_header.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_FRAME = AUDIO_MAX_CHANNELS * 8, BUFFER_BYTES = 1 << 16 };

/* Either sndfile, or linear PCM from `position` on. */
struct frame_reader {
    struct byte_source *source;
    struct sndfile_reader *sndfile;
    unsigned warnings;
    uint32_t slack;
    enum audio_encoding encoding;
    uint32_t channels, frame_bytes;
    uint64_t data_position;
    uint64_t bytes_left; /* AUDIO_UNKNOWN: to the end */
    size_t n_buffered;   /* bytes of a frame that has not arrived whole */
    unsigned char buffer[BUFFER_BYTES];
};

static bool refuse_container(struct byte_source *source, struct failure *failure)
{
    static const char *const magic[] = {"RIFF", "RF64", "fLaC", "OggS"};
    char start[4];
    size_t n;
    if (!byte_source_peek(source, 0, start, sizeof start, &n, failure)) return false;
    for (size_t i = 0; n == sizeof start && i < sizeof magic / sizeof *magic; i++)
        if (memcmp(start, magic[i], sizeof start) == 0)
            return fail(failure, EXIT_INPUT,
                        "%s: begins with %s, so it is not raw; leave out --raw, or add --force-raw",
                        byte_source_label(source), magic[i]);
    return true;
}

static bool open_raw(struct frame_reader *r, const struct audio_raw *raw,
                     struct audio_facts *facts, struct failure *failure)
{
    const char *label = byte_source_label(r->source);
    uint64_t size = byte_source_size(r->source);
    if (raw->channels == 0 || raw->channels > AUDIO_MAX_CHANNELS || raw->rate_hz == 0 ||
        raw->rate_hz > AUDIO_MAX_RATE)
        return fail(failure, EXIT_USAGE, "raw audio of %u channels at %u Hz cannot be read",
                    raw->channels, raw->rate_hz);
    if (!raw->force && !refuse_container(r->source, failure)) return false;
    r->encoding = raw->encoding;
    r->channels = facts->channels = raw->channels;
    r->frame_bytes = raw->channels * pcm_bytes(raw->encoding);
    r->bytes_left = AUDIO_UNKNOWN;
    facts->rate_hz = raw->rate_hz;
    facts->format = "raw";
    if (size == AUDIO_UNKNOWN) return true;
    if (size % r->frame_bytes)
        return fail(failure, EXIT_INPUT,
                    "%s: byte %llu: ends inside a frame of %u bytes; check --raw and --channels",
                    label, (unsigned long long)(size - size % r->frame_bytes), r->frame_bytes);
    facts->declared_frames = size / r->frame_bytes;
    return true;
}

static void note_end(struct frame_reader *r, const struct wave_header *header)
{
    uint64_t size = byte_source_size(r->source);
    if (size == AUDIO_UNKNOWN) return;
    if (header->data_bytes == AUDIO_UNKNOWN)
        r->warnings |= AUDIO_WARN_NO_LENGTH;
    else if (header->end_position < size && header->data_position + header->data_bytes < size)
        r->warnings |= AUDIO_WARN_BEYOND;
}

static void open_wave(struct frame_reader *r, const struct wave_header *header,
                      struct audio_facts *facts)
{
    uint64_t size = byte_source_size(r->source);
    r->encoding = header->encoding;
    r->channels = facts->channels = header->channels;
    r->frame_bytes = header->frame_bytes;
    r->data_position = header->data_position;
    r->bytes_left = header->data_bytes;
    facts->rate_hz = header->rate_hz;
    facts->format = header->is_rf64 ? "RF64" : "WAV";
    if (header->data_bytes != AUDIO_UNKNOWN)
        facts->declared_frames = header->data_bytes / header->frame_bytes;
    else if (size != AUDIO_UNKNOWN)
        facts->declared_frames = (size - header->data_position) / header->frame_bytes;
}

/* A copy of a pipe is made only of what begins as audio: others may never end. */
static bool spool(struct byte_source *source, struct failure *failure)
{
    static const char *const magic[] = {"RIFF", "RIFX", "RF64", "riff", "fLaC", "OggS", "FORM",
                                        "caff", ".snd", "dns.", "NIST", "ID3"};
    unsigned char start[4];
    size_t n;
    if (!byte_source_peek(source, 0, start, sizeof start, &n, failure)) return false;
    bool is_known = n == sizeof start && start[0] == 0xFF && start[1] >= 0xE0; /* MPEG */
    for (size_t i = 0; n == sizeof start && i < sizeof magic / sizeof *magic; i++)
        is_known |= memcmp(start, magic[i], strlen(magic[i])) == 0;
    if (is_known) return byte_source_spool(source, failure);
    return fail(failure, EXIT_INPUT,
                "%s: not audio that can be read from a pipe; give it as a file, or as WAV, or say "
                "--raw", byte_source_label(source));
}

static bool open_sndfile(struct frame_reader *r, const struct wave_header *header,
                         struct audio_facts *facts, struct failure *failure)
{
    struct sndfile_facts found;
    uint64_t declared = header->data_bytes;
    if (!byte_source_is_file(r->source) && !spool(r->source, failure)) return false;
    if (!header->is_wave && !container_length(r->source, &declared, failure)) return false;
    if (!sndfile_reader_open(&r->sndfile, r->source, &found, failure)) return false;
    facts->rate_hz = found.rate_hz;
    facts->channels = found.channels;
    facts->format = found.format;
    r->slack = found.slack;
    facts->declared_frames = found.frames;
    if (header->is_wave && declared == AUDIO_UNKNOWN && found.frames == 0)
        return fail(failure, EXIT_INPUT,
                    "%s: a compressed WAV whose header states no length; convert it to PCM",
                    byte_source_label(r->source));
    if (found.frame_bytes == 0 || declared == AUDIO_UNKNOWN) return true;
    declared /= found.frame_bytes;
    if (declared > found.frames) facts->declared_frames = declared;
    return true;
}

static bool open_by_content(struct frame_reader *r, const struct audio_request *request,
                            struct audio_facts *facts, struct failure *failure)
{
    struct wave_header header;
    if (!wave_header_read(r->source, &header, failure)) return false;
    if (request->offset > 0) {
        if (!header.is_wave || header.data_bytes == AUDIO_UNKNOWN)
            return fail(failure, EXIT_INPUT, "%s: byte %llu: no WAV of known length there",
                        byte_source_label(r->source), (unsigned long long)request->offset);
        byte_source_limit(r->source, header.data_position + header.data_bytes);
    }
    if (!header.is_wave || !header.is_pcm) return open_sndfile(r, &header, facts, failure);
    note_end(r, &header);
    open_wave(r, &header, facts);
    return true;
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
    struct frame_reader *r = malloc(sizeof *r);
    if (!r) return fail_memory(failure);
    memset(r, 0, offsetof(struct frame_reader, buffer));
    r->source = source;
    if (!check_not_empty(source, failure) ||
        !(request->raw ? open_raw(r, request->raw, facts, failure)
                       : open_by_content(r, request, facts, failure)) ||
        !byte_source_seek(source, r->data_position, failure)) {
        frame_reader_close(r);
        return false;
    }
    facts->streaming = is_pipe && !r->sndfile;
    facts->rereadable = !is_pipe && strcmp(request->path, "-") != 0;
    *reader = r;
    return true;
}

bool frame_reader_seek(struct frame_reader *r, uint64_t frame, struct failure *failure)
{
    if (r->sndfile) return sndfile_reader_seek(r->sndfile, frame, failure);
    if (frame > (INT64_MAX - r->data_position) / r->frame_bytes) frame = 0;
    uint64_t bytes = frame * r->frame_bytes;
    if (r->bytes_left != AUDIO_UNKNOWN) {
        if (bytes > r->bytes_left) bytes = r->bytes_left;
        r->bytes_left -= bytes;
    }
    return byte_source_seek(r->source, r->data_position + bytes, failure);
}

/* More bytes behind those of an unfinished frame. */
static bool fill(struct frame_reader *r, size_t most, size_t *n_new, struct failure *failure)
{
    size_t want = most - r->n_buffered;
    *n_new = 0;
    if (want > r->bytes_left) want = (size_t)r->bytes_left;
    if (want == 0) return true;
    if (!byte_source_read(r->source, r->buffer + r->n_buffered, want, n_new, failure))
        return false;
    if (r->bytes_left != AUDIO_UNKNOWN) r->bytes_left -= *n_new;
    return true;
}

static bool read_pcm(struct frame_reader *r, float *x, size_t n, size_t *n_read,
                     struct failure *failure)
{
    size_t room = sizeof r->buffer / r->frame_bytes, n_new;
    if (n > room) n = room;
    *n_read = 0;
    while (*n_read == 0) {
        if (!fill(r, n * r->frame_bytes, &n_new, failure)) return false;
        if (n_new == 0) {
            if (r->n_buffered > 0 && r->bytes_left == AUDIO_UNKNOWN)
                r->warnings |= AUDIO_WARN_REST;
            return true;
        }
        r->n_buffered += n_new;
        *n_read = r->n_buffered / r->frame_bytes;
    }
    size_t used = *n_read * r->frame_bytes;
    pcm_to_float(r->encoding, r->buffer, *n_read * r->channels, x);
    r->n_buffered -= used;
    memmove(r->buffer, r->buffer + used, r->n_buffered);
    return true;
}

bool frame_reader_read(struct frame_reader *r, float *x, size_t n, size_t *n_read,
                       uint64_t *n_lost, struct failure *failure)
{
    *n_lost = 0;
    if (!r->sndfile) return read_pcm(r, x, n, n_read, failure);
    return sndfile_reader_read(r->sndfile, x, n, n_read, n_lost, failure);
}

uint32_t frame_reader_slack(const struct frame_reader *r)
{
    return r->slack;
}

unsigned frame_reader_warnings(struct frame_reader *r)
{
    return r->warnings | (r->sndfile ? sndfile_reader_warnings(r->sndfile) : 0);
}

const char *frame_reader_loss(const struct frame_reader *r, char *text, size_t size)
{
    return sndfile_reader_loss(r->sndfile, text, size);
}

void frame_reader_close(struct frame_reader *r)
{
    if (!r) return;
    sndfile_reader_close(r->sndfile);
    free(r);
}

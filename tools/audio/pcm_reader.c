/* SPDX-License-Identifier: MIT */
#include "tools/audio/pcm_reader.h"

#include "tools/audio/pcm.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 16, LONGEST_FRAME = AUDIO_MAX_CHANNELS * 8 };

struct pcm_reader {
    struct byte_source *source;
    struct wave_header header; /* for headerless PCM only the position */
    enum sample_layout layout;
    enum audio_encoding encoding;
    uint32_t channels, frame_bytes;
    bool is_raw;               /* without a header */
    bool is_endless;           /* no length is stated, or a placeholder */
    bool is_believed;          /* of a pipe: the stated length, until it is reached */
    struct settled_length settled;
    uint64_t bytes_left;       /* AUDIO_UNKNOWN: to the end */
    unsigned warnings;
    uint64_t position;         /* of the first byte not returned yet */
    size_t n_buffered;         /* bytes not returned yet */
    unsigned char buffer[BUFFER_BYTES + 2 * LONGEST_FRAME];
};

static struct pcm_reader *new_reader(struct byte_source *source, struct failure *failure)
{
    struct pcm_reader *r = malloc(sizeof *r);
    if (!r) {
        fail_memory(failure);
        return NULL;
    }
    memset(r, 0, offsetof(struct pcm_reader, buffer));
    r->source = source;
    r->bytes_left = AUDIO_UNKNOWN;
    return r;
}

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

bool pcm_reader_open_raw(struct pcm_reader **reader, struct byte_source *source,
                         const struct audio_raw *raw, struct audio_facts *facts,
                         struct failure *failure)
{
    if (raw->channels == 0 || raw->channels > AUDIO_MAX_CHANNELS || raw->rate_hz == 0 ||
        raw->rate_hz > AUDIO_MAX_RATE)
        return fail(failure, EXIT_USAGE, "raw audio of %u channels at %u Hz cannot be read",
                    raw->channels, raw->rate_hz);
    if (!raw->force && !refuse_container(source, failure)) return false;
    struct pcm_reader *r = new_reader(source, failure);
    if (!r) return false;
    r->encoding = raw->encoding;
    r->channels = facts->channels = raw->channels;
    r->frame_bytes = raw->channels * pcm_bytes(raw->encoding);
    facts->rate_hz = raw->rate_hz;
    facts->format = "raw";
    uint64_t size = byte_source_size(source);
    if (size != AUDIO_UNKNOWN) facts->declared_frames = size / r->frame_bytes;
    r->is_raw = true;
    *reader = r;
    return true;
}

static bool settle_layout(struct pcm_reader *r, struct failure *failure)
{
    const struct wave_header *header = &r->header;
    if (!sample_layout_find(r->source, header, &r->layout, failure)) return false;
    bool is_packed = r->layout == SAMPLES_PACKED;
    uint32_t sample_bytes = is_packed ? header->least_bytes : header->sample_bytes;
    r->encoding = sample_bytes == header->sample_bytes ? header->encoding
                                                       : wave_integer_encoding(sample_bytes);
    r->frame_bytes = r->channels * sample_bytes;
    if (r->layout != SAMPLES_FIT) r->warnings |= AUDIO_WARN_LAYOUT;
    return true;
}

/* How many frames the header declares; unknown for a placeholder on a pipe. */
static uint64_t declared_frames(const struct pcm_reader *r)
{
    uint64_t size = byte_source_size(r->source), position = r->header.length.stated.position;
    uint64_t bytes = r->settled.bytes;
    if (r->is_believed && r->is_endless) return AUDIO_UNKNOWN;
    if (bytes == AUDIO_UNKNOWN && size != AUDIO_UNKNOWN)
        bytes = size > position ? size - position : 0;
    return bytes == AUDIO_UNKNOWN ? AUDIO_UNKNOWN : bytes / r->frame_bytes;
}

static void take_settled(struct pcm_reader *r)
{
    r->warnings |= r->settled.warnings;
    r->bytes_left = r->settled.bytes;
}

static bool open_wave(struct pcm_reader *r, struct audio_facts *facts, struct failure *failure)
{
    const struct stated_length *stated = &r->header.length.stated;
    r->channels = facts->channels = r->header.channels;
    facts->rate_hz = r->header.rate_hz;
    facts->format = r->header.is_rf64 ? "RF64" : "WAV";
    if (!stated_length_settle(r->source, stated, &r->settled, failure) ||
        !settle_layout(r, failure))
        return false;
    r->is_believed = stated->bytes > 0 && byte_source_size(r->source) == AUDIO_UNKNOWN;
    r->is_endless = stated->bytes == 0 || stated_length_is_placeholder(stated);
    take_settled(r);
    facts->declared_frames = declared_frames(r);
    r->position = stated->position;
    return byte_source_seek(r->source, stated->position, failure);
}

bool pcm_reader_open_wave(struct pcm_reader **reader, struct byte_source *source,
                          const struct wave_header *header, struct audio_facts *facts,
                          struct failure *failure)
{
    struct pcm_reader *r = new_reader(source, failure);
    if (!r) return false;
    r->header = *header;
    if (!open_wave(r, facts, failure)) {
        pcm_reader_close(r);
        return false;
    }
    *reader = r;
    return true;
}

bool pcm_reader_seek(struct pcm_reader *r, uint64_t frame, struct failure *failure)
{
    uint64_t position = r->header.length.stated.position;
    if (frame > (INT64_MAX - position) / r->frame_bytes) frame = 0;
    uint64_t bytes = frame * r->frame_bytes;
    if (r->bytes_left != AUDIO_UNKNOWN) {
        if (bytes > r->bytes_left) bytes = r->bytes_left;
        r->bytes_left -= bytes;
    }
    r->position = position + bytes;
    return byte_source_seek(r->source, r->position, failure);
}

/* Called after all bytes that a pipe's header states: whether that is the end. */
static bool reach_stated_end(struct pcm_reader *r, struct failure *failure)
{
    const struct stated_length *stated = &r->header.length.stated;
    r->is_believed = false;
    if (!stated_length_reached(r->source, stated, &r->settled, failure)) return false;
    take_settled(r);
    if (r->bytes_left != AUDIO_UNKNOWN) r->bytes_left -= stated->bytes;
    return true;
}

/* Reads more bytes, up to n frames in the buffer, or one more frame if n are there already. */
static bool fill(struct pcm_reader *r, size_t n, size_t *n_new, struct failure *failure)
{
    size_t most = n * r->frame_bytes;
    size_t want = most > r->n_buffered ? most - r->n_buffered : r->frame_bytes;
    *n_new = 0;
    if (r->bytes_left == 0 && r->is_believed && !reach_stated_end(r, failure)) return false;
    if (want > r->bytes_left) want = (size_t)r->bytes_left;
    if (want == 0) return true;
    if (!byte_source_read(r->source, r->buffer + r->n_buffered, want, n_new, failure))
        return false;
    if (r->bytes_left != AUDIO_UNKNOWN) r->bytes_left -= *n_new;
    r->n_buffered += *n_new;
    return true;
}

/* How many of the buffered bytes are samples. In an endless recording the header of another one
   ends them; what may begin one waits for more. */
static size_t count_samples(struct pcm_reader *r, bool is_end)
{
    bool is_whole;
    if (!r->is_endless) return r->n_buffered;
    size_t at = wave_header_find(r->buffer, r->n_buffered, &is_whole);
    if (at == r->n_buffered || (!is_whole && is_end)) return r->n_buffered;
    if (!is_whole) return at;
    r->warnings |= AUDIO_WARN_NO_LENGTH | AUDIO_WARN_BEYOND;
    r->settled.beyond = r->position + at;
    r->is_endless = r->is_believed = false;
    r->bytes_left = 0;
    r->n_buffered = at;
    return at;
}

/* Call when no more bytes came. */
static void end(struct pcm_reader *r)
{
    if (r->is_believed && r->is_endless && r->bytes_left > 0) {
        r->warnings |= AUDIO_WARN_NO_LENGTH;
        r->bytes_left = AUDIO_UNKNOWN;
    }
    if (r->n_buffered == 0 || r->bytes_left != AUDIO_UNKNOWN) return;
    r->warnings |= r->is_raw ? AUDIO_WARN_PARTIAL : AUDIO_WARN_REST;
    if (r->is_raw) r->settled.beyond = r->position;
}

bool pcm_reader_read(struct pcm_reader *r, float *x, size_t n, size_t *n_read,
                     struct failure *failure)
{
    size_t room = BUFFER_BYTES / r->frame_bytes, n_new = 1;
    if (n > room) n = room;
    for (*n_read = 0; *n_read == 0 && n_new > 0;) {
        if (!fill(r, n, &n_new, failure)) return false;
        *n_read = count_samples(r, n_new == 0) / r->frame_bytes;
    }
    if (*n_read == 0) end(r);
    if (*n_read > n) *n_read = n;
    size_t used = *n_read * r->frame_bytes;
    if (r->layout == SAMPLES_LOW)
        pcm_low_bits_to_float(r->buffer, r->header.sample_bytes, r->header.bits,
                              *n_read * r->channels, x);
    else
        pcm_to_float(r->encoding, r->buffer, *n_read * r->channels, x);
    r->n_buffered -= used;
    r->position += used;
    memmove(r->buffer, r->buffer + used, r->n_buffered);
    return true;
}

unsigned pcm_reader_warnings(const struct pcm_reader *r)
{
    return r->warnings;
}

uint64_t pcm_reader_beyond(const struct pcm_reader *r)
{
    return r->settled.beyond;
}

void pcm_reader_layout_text(const struct pcm_reader *r, char *text, size_t size)
{
    sample_layout_text(r->layout, &r->header, byte_source_label(r->source), text, size);
}

void pcm_reader_close(struct pcm_reader *r)
{
    free(r);
}

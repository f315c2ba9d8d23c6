/* SPDX-License-Identifier: MIT */
#include "tools/audio/sndfile_part.h"

#include "tools/audio/mpeg_links.h"
#include "tools/base/utf8.h"

#include <sndfile.h>
#include <stdlib.h>
#include <string.h>

/* Two MPEG frames: without a count in the first one the length is estimated. */
enum { MPEG_SLACK = 2 * 1152 };

struct sndfile_part {
    SNDFILE *file;
    struct byte_source *source;
    const struct stream_link *link;
    struct byte_range body;
    uint64_t position, size; /* of the count and the ranges together */
    size_t n_count;
    unsigned char count[MPEG_MOST_COUNT_BYTES]; /* a frame that counts the frames of the body */
};

static sf_count_t length(void *state)
{
    return (sf_count_t)((struct sndfile_part *)state)->size;
}

static sf_count_t seek(sf_count_t offset, int whence, void *state)
{
    struct sndfile_part *p = state;
    sf_count_t start = whence == SEEK_SET   ? 0
                       : whence == SEEK_CUR ? (sf_count_t)p->position
                                            : length(state);
    if (start + offset < 0) return -1;
    p->position = (uint64_t)(start + offset);
    return start + offset;
}

static sf_count_t tell(void *state)
{
    return (sf_count_t)((struct sndfile_part *)state)->position;
}

/* The contiguous bytes of the file from the position on. */
static struct byte_range row_at(const struct sndfile_part *p)
{
    uint64_t before = p->n_count;
    for (size_t i = 0; i <= p->link->n_header; i++) {
        struct byte_range range = i < p->link->n_header ? p->link->header[i] : p->body;
        if (p->position - before < range.end - range.begin)
            return (struct byte_range){range.begin + (p->position - before), range.end};
        before += range.end - range.begin;
    }
    return (struct byte_range){0, 0};
}

static sf_count_t read_count(struct sndfile_part *p, void *bytes, sf_count_t n)
{
    if (p->position >= p->n_count) return 0;
    sf_count_t left = (sf_count_t)(p->n_count - p->position), n_given = n < left ? n : left;
    memcpy(bytes, p->count + p->position, (size_t)n_given);
    p->position += (uint64_t)n_given;
    return n_given;
}

static sf_count_t read_bytes(void *bytes, sf_count_t n, void *state)
{
    struct sndfile_part *p = state;
    struct failure ignored; /* a short read; the decoder stops there */
    sf_count_t n_given = read_count(p, bytes, n);
    while (n_given < n) {
        struct byte_range row = row_at(p);
        uint64_t want = (uint64_t)(n - n_given);
        size_t n_read = 0;
        if (want > row.end - row.begin) want = row.end - row.begin;
        if (want == 0 || !byte_source_peek(p->source, row.begin, (char *)bytes + n_given,
                                           (size_t)want, &n_read, &ignored) || n_read == 0)
            break;
        p->position += n_read;
        n_given += (sf_count_t)n_read;
    }
    return n_given;
}

static sf_count_t write_nothing(const void *bytes, sf_count_t n, void *state)
{
    (void)bytes, (void)n, (void)state;
    return 0;
}

static const char *format_name(int format)
{
    static const struct {
        int format;
        const char *name;
    } names[] = {
        {SF_FORMAT_WAV, "WAV"},     {SF_FORMAT_WAVEX, "WAV"}, {SF_FORMAT_RF64, "RF64"},
        {SF_FORMAT_W64, "W64"},     {SF_FORMAT_AIFF, "AIFF"}, {SF_FORMAT_AU, "AU"},
        {SF_FORMAT_CAF, "CAF"},     {SF_FORMAT_NIST, "Sphere"}, {SF_FORMAT_FLAC, "FLAC"},
        {SF_FORMAT_MPEG, "MP3"},
    };
    if ((format & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG)
        return (format & SF_FORMAT_SUBMASK) == SF_FORMAT_OPUS ? "Opus" : "Ogg";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].format == (format & SF_FORMAT_TYPEMASK)) return names[i].name;
    return "audio";
}

static uint32_t sample_bytes(int format)
{
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_ULAW:
    case SF_FORMAT_ALAW: return 1;
    case SF_FORMAT_PCM_16: return 2;
    case SF_FORMAT_PCM_24: return 3;
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_FLOAT: return 4;
    case SF_FORMAT_DOUBLE: return 8;
    default: return 0;
    }
}

static bool is_text(struct byte_source *source)
{
    enum { LONGEST_CHARACTER = 4 };
    struct failure ignored;
    char start[512];
    size_t n;
    if (!byte_source_peek(source, 0, start, sizeof start, &n, &ignored)) return false;
    const char *end = start + n, *text = start;
    while (text < end) {
        size_t length = utf8_length(text, end);
        bool is_cut = length == 0 && n == sizeof start && end - text < LONGEST_CHARACTER;
        bool is_control = (unsigned char)*text < ' ' && !memchr("\t\n\v\f\r", *text, 5);
        if ((length == 0 && !is_cut) || is_control) return false;
        text += length ? length : 1;
    }
    return n > 0;
}

bool sndfile_part_is_tar(struct byte_source *source)
{
    enum { MAGIC_PLACE = 257 };
    static const char magic[] = "ustar";
    struct failure ignored;
    char there[sizeof magic - 1];
    size_t n;
    return byte_source_peek(source, MAGIC_PLACE, there, sizeof there, &n, &ignored) &&
           n == sizeof there && memcmp(there, magic, n) == 0;
}

/* libsndfile's own reason is one variable for all threads, and is often wrong. */
bool sndfile_part_fail(struct byte_source *source, struct failure *failure)
{
    if (is_text(source))
        return fail(failure, EXIT_INPUT,
                    "%s: is text, not audio; name a list of audio files .txt, .tsv, .scp or "
                    ".jsonl; a list cannot contain another list", byte_source_label(source));
    if (sndfile_part_is_tar(source))
        return fail(failure, EXIT_INPUT,
                    "%s: is a tar; name the file .tar, and give it as an argument or in a list of "
                    "paths", byte_source_label(source));
    return fail(failure, EXIT_INPUT,
                "%s: is not audio, is damaged, or has an unsupported encoding; convert it to WAV "
                "or FLAC", byte_source_label(source));
}

static bool add_count(struct sndfile_part *p, struct failure *failure)
{
    unsigned char first[4];
    size_t n;
    if (p->link->n_uncounted == 0) return true;
    if (!byte_source_peek(p->source, p->body.begin, first, sizeof first, &n, failure)) return false;
    p->n_count = mpeg_count_frame(first, p->link->n_uncounted, p->count);
    p->size += p->n_count;
    return true;
}

bool sndfile_part_open(struct sndfile_part **part, struct byte_source *source,
                       const struct stream_link *link, struct byte_range body,
                       struct sndfile_facts *facts, struct failure *failure)
{
    SF_VIRTUAL_IO io = {length, seek, read_bytes, write_nothing, tell};
    SF_INFO info = {0};
    struct sndfile_part *p = calloc(1, sizeof *p);
    if (!p) return fail_memory(failure);
    *p = (struct sndfile_part){.source = source, .link = link, .body = body,
                               .size = body.end - body.begin};
    for (size_t i = 0; i < link->n_header; i++)
        p->size += link->header[i].end - link->header[i].begin;
    if (!add_count(p, failure)) {
        sndfile_part_close(p);
        return false;
    }
    p->file = sf_open_virtual(&io, SFM_READ, &info, p);
    if (!p->file || info.channels < 1 || info.samplerate < 1) {
        sndfile_part_close(p);
        return sndfile_part_fail(source, failure);
    }
    facts->rate_hz = (uint32_t)info.samplerate;
    facts->channels = (uint32_t)info.channels;
    facts->frame_bytes = (uint32_t)info.channels * sample_bytes(info.format);
    facts->frames = info.frames < 0 || info.frames == SF_COUNT_MAX ? AUDIO_UNKNOWN
                                                                   : (uint64_t)info.frames;
    facts->format = format_name(info.format);
    facts->slack = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG ? MPEG_SLACK : 0;
    *part = p;
    return true;
}

bool sndfile_part_seek(struct sndfile_part *p, uint64_t frame, struct failure *failure)
{
    if (sf_seek(p->file, (sf_count_t)frame, SEEK_SET) == (sf_count_t)frame) return true;
    return fail(failure, EXIT_INPUT, "%s: frame %llu cannot be reached: %s",
                byte_source_label(p->source), (unsigned long long)frame, sf_strerror(p->file));
}

size_t sndfile_part_read(struct sndfile_part *p, float *x, size_t n)
{
    sf_count_t n_read = sf_readf_float(p->file, x, (sf_count_t)n);
    return n_read > 0 ? (size_t)n_read : 0;
}

void sndfile_part_close(struct sndfile_part *p)
{
    if (!p) return;
    if (p->file) sf_close(p->file);
    free(p);
}

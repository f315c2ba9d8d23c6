/* SPDX-License-Identifier: MIT */
#include "tools/audio/sndfile_reader.h"

#include <sndfile.h>
#include <stdlib.h>

/* Two frames of MPEG: without a count in its first one the length is estimated. */
enum { MPEG_SLACK = 2 * 1152 };

struct sndfile_reader {
    SNDFILE *file;
    struct byte_source *source;
    uint64_t position;
};

static sf_count_t length(void *state)
{
    return (sf_count_t)byte_source_size(((struct sndfile_reader *)state)->source);
}

static sf_count_t seek(sf_count_t offset, int whence, void *state)
{
    struct sndfile_reader *r = state;
    sf_count_t start = whence == SEEK_SET   ? 0
                       : whence == SEEK_CUR ? (sf_count_t)r->position
                                            : length(state);
    if (start + offset < 0) return -1;
    r->position = (uint64_t)(start + offset);
    return start + offset;
}

static sf_count_t tell(void *state)
{
    return (sf_count_t)((struct sndfile_reader *)state)->position;
}

static sf_count_t read_bytes(void *bytes, sf_count_t n, void *state)
{
    struct sndfile_reader *r = state;
    struct failure ignored; /* a short read; the decoder stops there */
    size_t n_read = 0;
    if (n <= 0 || !byte_source_peek(r->source, r->position, bytes, (size_t)n, &n_read, &ignored))
        return 0;
    r->position += n_read;
    return (sf_count_t)n_read;
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

bool sndfile_reader_open(struct sndfile_reader **reader, struct byte_source *source,
                         struct sndfile_facts *facts, struct failure *failure)
{
    SF_VIRTUAL_IO io = {length, seek, read_bytes, write_nothing, tell};
    SF_INFO info = {0};
    struct sndfile_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->source = source;
    r->file = sf_open_virtual(&io, SFM_READ, &info, r);
    if (!r->file || info.channels < 1 || info.samplerate < 1) {
        /* libsndfile's own reason is one variable for all threads, and often wrong. */
        fail(failure, EXIT_INPUT,
             "%s: not audio, or damaged, or of an encoding that cannot be read; convert it to WAV "
             "or FLAC", byte_source_label(source));
        sndfile_reader_close(r);
        return false;
    }
    facts->rate_hz = (uint32_t)info.samplerate;
    facts->channels = (uint32_t)info.channels;
    facts->frame_bytes = (uint32_t)info.channels * sample_bytes(info.format);
    facts->frames = info.frames < 0 || info.frames == SF_COUNT_MAX ? AUDIO_UNKNOWN
                                                                   : (uint64_t)info.frames;
    facts->format = format_name(info.format);
    facts->slack = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG ? MPEG_SLACK : 0;
    *reader = r;
    return true;
}

bool sndfile_reader_seek(struct sndfile_reader *r, uint64_t frame, struct failure *failure)
{
    if (sf_seek(r->file, (sf_count_t)frame, SEEK_SET) == (sf_count_t)frame) return true;
    return fail(failure, EXIT_INPUT, "%s: frame %llu cannot be reached: %s",
                byte_source_label(r->source), (unsigned long long)frame, sf_strerror(r->file));
}

size_t sndfile_reader_read(struct sndfile_reader *r, float *x, size_t n)
{
    sf_count_t n_read = sf_readf_float(r->file, x, (sf_count_t)n);
    return n_read > 0 ? (size_t)n_read : 0;
}

void sndfile_reader_close(struct sndfile_reader *r)
{
    if (!r) return;
    if (r->file) sf_close(r->file);
    free(r);
}

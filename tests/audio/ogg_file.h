/* SPDX-License-Identifier: MIT */
/* Ogg files as rows of pages that a test takes apart and puts together. */
#ifndef VOQ_TESTS_OGG_FILE_H
#define VOQ_TESTS_OGG_FILE_H

#include "tests/audio/sound.h"

enum { OGG_VORBIS = SF_FORMAT_OGG | SF_FORMAT_VORBIS, OGG_OPUS = SF_FORMAT_OGG | SF_FORMAT_OPUS };

struct ogg_file {
    unsigned char *bytes;
    size_t n, n_page;
    size_t at[512]; /* [n_page + 1] where each page begins */
};

static inline size_t ogg_page_bytes(const unsigned char *page)
{
    size_t n = 27u + page[26];
    for (unsigned i = 0; i < page[26]; i++) n += page[27 + i];
    return n;
}

static inline void ogg_index(struct ogg_file *file)
{
    file->n_page = 0;
    for (size_t at = 0; at < file->n; at += ogg_page_bytes(file->bytes + at)) {
        if (file->n_page == 511 || memcmp(file->bytes + at, "OggS", 4) != 0) abort();
        file->at[file->n_page++] = at;
    }
    file->at[file->n_page] = file->n;
}

/* A test may forget what it made: all of it stays in reach until the end. */
static inline void *ogg_keep(void *memory)
{
    static void *kept[1024];
    static size_t n;
    if (!memory || n == 1024) abort();
    return kept[n++] = memory;
}

static inline struct ogg_file ogg_load(const char *path)
{
    struct ogg_file file = {0};
    struct stat status;
    FILE *stream = fopen(path, "rb");
    if (!stream || fstat(fileno(stream), &status) != 0) abort();
    file.n = (size_t)status.st_size;
    file.bytes = ogg_keep(malloc(2 * file.n + 65536));
    if (fread(file.bytes, 1, file.n, stream) != file.n) abort();
    fclose(stream);
    return file;
}

/* n frames of a rising tone with a little noise, which is like itself at no other time: of noise
   alone Opus keeps only how loud it is. */
static inline struct ogg_file ogg_make(int format, int rate_hz, int channels, size_t n)
{
    SF_INFO info = {.samplerate = rate_hz, .channels = channels, .format = format};
    SNDFILE *stream = sf_open(scratch("made.ogg"), SFM_WRITE, &info);
    double phase = 0;
    if (!stream) abort();
    for (size_t i = 0; i < n; i++) {
        float x = 0.4f * (float)sin(phase) + 0.05f * sound_noise((uint32_t)i);
        float frame[2] = {x, x / 2};
        phase += 6.283 * (200 + 200 * (double)i / rate_hz) / rate_hz;
        if (sf_writef_float(stream, frame, 1) != 1) abort();
    }
    sf_close(stream);
    struct ogg_file file = ogg_load(scratch("made.ogg"));
    ogg_index(&file);
    return file;
}

static inline void ogg_seal(unsigned char *page)
{
    uint32_t sum = 0;
    memset(page + 22, 0, 4);
    for (size_t i = 0, n = ogg_page_bytes(page); i < n; i++) {
        sum ^= (uint32_t)page[i] << 24;
        for (int bit = 0; bit < 8; bit++) sum = sum << 1 ^ (sum >> 31 ? 0x04c11db7u : 0);
    }
    for (int i = 0; i < 4; i++) page[22 + i] = (unsigned char)(sum >> 8 * i);
}

static inline uint64_t ogg_granule(const struct ogg_file *file, size_t page)
{
    uint64_t granule;
    memcpy(&granule, file->bytes + file->at[page] + 6, 8);
    return granule;
}

/* Bytes come in before `at`, or where they are NULL go out behind it. */
static inline void ogg_splice(struct ogg_file *file, size_t at, const void *bytes, size_t n)
{
    unsigned char *place = file->bytes + at;
    if (bytes) memmove(place + n, place, file->n - at);
    if (bytes) memcpy(place, bytes, n);
    if (!bytes) memmove(place, place + n, file->n - at - n);
    file->n = bytes ? file->n + n : file->n - n;
}

static inline void ogg_remove(struct ogg_file *file, size_t page)
{
    ogg_splice(file, file->at[page], NULL, file->at[page + 1] - file->at[page]);
    ogg_index(file);
}

static inline void ogg_append(struct ogg_file *file, const void *bytes, size_t n)
{
    if (n > 1 << 28) abort();
    unsigned char *all = ogg_keep(malloc(file->n + n + 65536));
    if (file->n > 0) memcpy(all, file->bytes, file->n);
    memcpy(all + file->n, bytes, n);
    file->bytes = all;
    file->n += n;
}

static inline const char *ogg_save(const struct ogg_file *file, const char *name)
{
    return scratch_write(name, file->bytes, file->n);
}

static inline struct sound ogg_read(const struct ogg_file *file, uint32_t rate_hz)
{
    struct sound sound;
    struct failure failure;
    struct audio_request request = {.path = ogg_save(file, "read.ogg"), .rate_hz = rate_hz};
    if (!sound_read(&sound, &request, 1000, &failure)) abort();
    ogg_keep(sound.x);
    return sound;
}

/* One page of one packet: a stream that is no audio, or its start. */
static inline size_t ogg_other(unsigned char *page, const char *text, unsigned flags,
                               uint32_t sequence)
{
    size_t n = strlen(text);
    memset(page, 0, 28);
    memcpy(page, "OggS", 4);
    page[5] = (unsigned char)flags;
    memcpy(page + 14, "else", 4);
    memcpy(page + 18, &sequence, 4);
    page[26] = 1;
    page[27] = (unsigned char)n;
    memcpy(page + 28, text, n);
    ogg_seal(page);
    return 28 + n;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Audio from anywhere as one channel of floats at the rate that is wanted, in constant memory.

   What a file holds is decided by its content, never by its suffix: everything that libsndfile
   reads, WAV and RF64 by our own reader (libsndfile hides a missing end, and cannot wait for a
   pipe), headerless PCM by description. On a pipe WAV and headerless PCM are given as they arrive;
   other formats are first copied to an unlinked temporary file. Ogg, FLAC and MP3 streams one after
   the other are one signal; where audio is lost between them or in an Ogg file, what follows keeps
   its place in time behind a gap.

   Samples: int16 is x/32768, int24 x/2^23, int32 x/2^31, uint8 (x-128)/128. The mean of channels is
   their sum in float, in channel order, times (1.0f / channels). Another rate is reached by soxr
   (high quality): n frames give round(n * to / from) samples, sample 0 at time 0. NaN and infinity
   pass through, except where resampling would spread them: there they are 0 and counted.

   A reader is used by one thread at a time; different readers are independent. */
#ifndef VOQ_TOOLS_AUDIO_H
#define VOQ_TOOLS_AUDIO_H

#include "tools/base/audio_request.h"
#include "tools/base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIO_UNKNOWN UINT64_MAX

enum audio_encoding {
    AUDIO_S16LE = 0,
    AUDIO_S16BE,
    AUDIO_S24LE,
    AUDIO_S32LE,
    AUDIO_F32LE,
    AUDIO_U8,
    AUDIO_F64LE /* in WAV only; no name */
};

/* "s16le" ...; false if there is no such name. */
bool audio_encoding_parse(const char *name, enum audio_encoding *encoding);

/* Headerless PCM, channels interleaved. */
struct audio_raw {
    enum audio_encoding encoding;
    uint32_t rate_hz;  /* 1 to AUDIO_MAX_RATE */
    uint32_t channels; /* 1 to AUDIO_MAX_CHANNELS */
    bool force;        /* also where the file begins as WAV, FLAC or Ogg does */
};

#define AUDIO_MAX_RATE 16000000u
#define AUDIO_MAX_CHANNELS 1024u

/* What the command may have to say once a file; a set of bits. */
enum audio_warning {
    AUDIO_WARN_TRUNCATED = 1,    /* fewer samples than declared: exit code 3 */
    AUDIO_WARN_REST = 2,         /* a recording without a stated length ended inside a frame */
    AUDIO_WARN_SPAN = 4,         /* the segment's end lay beyond the audio (<= 0.5 s) */
    AUDIO_WARN_EXPECTED = 8,     /* a list declares another number of frames */
    AUDIO_WARN_NO_LENGTH = 16,   /* the header states no length: read to the end */
    AUDIO_WARN_BEYOND = 32,      /* bytes after the end that the header states: exit code 3 */
    AUDIO_WARN_NOT_FINITE = 64,  /* NaN or infinity taken as 0 before resampling */
    AUDIO_WARN_LOST = 128,       /* holes, streams that do not fit, other bytes: exit code 3 */
    AUDIO_WARN_OPEN_END = 256,   /* an Ogg file whose last page does not end its stream */
    AUDIO_WARN_LAYOUT = 512,     /* samples in wider containers: where they stand was found out */
    AUDIO_WARN_WRAPPED = 1024,   /* a length that counts past 4 GB from 0 again: read to the end */
    AUDIO_WARN_PARTIAL = 2048    /* raw audio ended inside a frame: exit code 3 */
};

/* Those that say that not all audio was read: exit code 3. */
#define AUDIO_LOSSES \
    (AUDIO_WARN_TRUNCATED | AUDIO_WARN_BEYOND | AUDIO_WARN_LOST | AUDIO_WARN_PARTIAL)

struct audio_facts {
    uint32_t rate_hz;         /* of the file */
    uint32_t channels;        /* of the file */
    const char *format;       /* "WAV", "FLAC", "Ogg", "raw" ...; static storage */
    bool streaming;           /* samples are given as they arrive: read a hop at a time, flush */
    bool rereadable;          /* the same request can be opened again */
    bool resampled;
    uint64_t declared_frames; /* in the whole file, by its header; AUDIO_UNKNOWN */
    uint64_t span_frames;     /* to be read by this request, if known; AUDIO_UNKNOWN */
    uint64_t read_frames;     /* read so far, at the file's rate, of the request's part */
    uint64_t given_samples;   /* given so far, at the wanted rate; gaps do not count */
    uint64_t not_finite;      /* NaN and infinity taken as 0 so far */
    bool truncated;           /* final once audio_read has said that the end is reached */
    unsigned warnings;        /* likewise; of enum audio_warning */
};

struct audio;

/* EXIT_INPUT with the file, what is wrong and what to do. Nothing is allocated by what a header
   claims. */
bool audio_open(struct audio **audio, const struct audio_request *request,
                struct failure *failure);

/* Up to n > 0 samples to x; *n_read = 0: a gap, or the end where audio_gap returns 0. When
   `streaming`, at most what n samples need is taken from the pipe and what there is is given, at
   once. */
bool audio_read(struct audio *audio, float *x, size_t n, size_t *n_read, struct failure *failure);

/* After *n_read = 0: how many samples, at the wanted rate, are missing before the next ones, so
   that these keep their place in time. 0: none, it is the end. */
uint64_t audio_gap(const struct audio *audio);

/* Valid until audio_close. */
const struct audio_facts *audio_facts(const struct audio *audio);

/* The sentence for one warning, "FILE: what is wrong", without newline. Returns text. */
const char *audio_warning_text(const struct audio *audio, enum audio_warning warning, char *text,
                               size_t size);

/* The sentences of the warnings that mean no loss, joined by "; ", but for samples that are not
   finite, which every command counts. Once the end is reached. NULL: none, or no memory. The caller
   frees it. */
char *audio_notes(const struct audio *audio);

/* EXIT_INPUT with the sentence of the first of AUDIO_LOSSES, for those who need all of the audio.
   Once the end is reached. */
bool audio_check_whole(const struct audio *audio, struct failure *failure);

void audio_close(struct audio *audio); /* NULL is fine */

/* Facts of a file that can be read again (not "-", not a command), nothing decoded. The strings in
   *facts are static. For --channel all, and for estimates of time left. */
bool audio_probe(const struct audio_request *request, struct audio_facts *facts,
                 struct failure *failure);

#endif

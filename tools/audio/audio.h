/* SPDX-License-Identifier: MIT */
/* Reads audio from any source as one channel of floats at the wanted rate, in constant memory.

   The content of a file, never its suffix, decides its format: all formats of libsndfile, WAV and
   RF64 by our own reader (libsndfile hides a missing end, and cannot wait for a pipe), headerless
   PCM by description. From a pipe, WAV and headerless PCM are returned as they arrive; other
   formats are first copied to an unlinked temporary file. Ogg, FLAC and MP3 streams one after
   another are one signal; where audio is lost between them or in an Ogg file, a gap keeps the rest
   at its place in time.

   Samples: int16 is x/32768, int24 x/2^23, int32 x/2^31, uint8 (x-128)/128. The mean of channels is
   their sum in float, in channel order, times (1.0f / channels). soxr (high quality)
   converts the rate: n frames become round(n * to / from) samples, sample 0 at time 0. NaN and
   infinity pass through, unless resampling would spread them: then they are read as 0 and counted.

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
    AUDIO_F64LE /* in WAV only; has no name */
};

/* Reads "s16le" ...; false if there is no such name. */
bool audio_encoding_parse(const char *name, enum audio_encoding *encoding);

/* Headerless PCM, channels interleaved. */
struct audio_raw {
    enum audio_encoding encoding;
    uint32_t rate_hz;  /* 1 to AUDIO_MAX_RATE */
    uint32_t channels; /* 1 to AUDIO_MAX_CHANNELS */
    bool force;        /* even if the file begins like WAV, FLAC or Ogg */
};

#define AUDIO_MAX_RATE 16000000u
#define AUDIO_MAX_CHANNELS 1024u

/* What the command may report once per file; a set of bits. */
enum audio_warning {
    AUDIO_WARN_TRUNCATED = 1,    /* fewer samples than declared: exit code 3 */
    AUDIO_WARN_REST = 2,         /* a recording without a stated length ended inside a frame */
    AUDIO_WARN_SPAN = 4,         /* the segment's end lay beyond the audio (<= 0.5 s) */
    AUDIO_WARN_EXPECTED = 8,     /* a list declares another number of frames */
    AUDIO_WARN_NO_LENGTH = 16,   /* the header states no length: read to the end */
    AUDIO_WARN_BEYOND = 32,      /* bytes after the end that the header states: exit code 3 */
    AUDIO_WARN_NOT_FINITE = 64,  /* NaN or infinity taken as 0 before resampling */
    AUDIO_WARN_LOST = 128,       /* holes, streams of another kind, other bytes: exit code 3 */
    AUDIO_WARN_OPEN_END = 256,   /* an Ogg file whose last page does not end its stream */
    AUDIO_WARN_LAYOUT = 512,     /* samples in wider containers, whose position was detected */
    AUDIO_WARN_WRAPPED = 1024,   /* the length overflowed at 4 GB: read to the end */
    AUDIO_WARN_PARTIAL = 2048    /* raw audio ended inside a frame: exit code 3 */
};

/* Warnings that not all audio was read: exit code 3. */
#define AUDIO_LOSSES \
    (AUDIO_WARN_TRUNCATED | AUDIO_WARN_BEYOND | AUDIO_WARN_LOST | AUDIO_WARN_PARTIAL)

struct audio_facts {
    uint32_t rate_hz;         /* of the file */
    uint32_t channels;        /* of the file */
    const char *format;       /* "WAV", "FLAC", "Ogg", "raw" ...; static storage */
    bool streaming;           /* samples are returned as they arrive: read a hop at a time, flush */
    bool rereadable;          /* the same request can be opened again */
    bool resampled;
    bool decoded;             /* by libsndfile: reading costs more than copying samples */
    uint64_t declared_frames; /* in the whole file, by its header; AUDIO_UNKNOWN */
    uint64_t span_frames;     /* to be read by this request, if known; AUDIO_UNKNOWN */
    uint64_t read_frames;     /* read so far, at the file's rate, of the request's part */
    uint64_t given_samples;   /* returned so far, at the wanted rate; gaps do not count */
    uint64_t not_finite;      /* NaN and infinity taken as 0 so far */
    bool truncated;           /* final once audio_read has reached the end */
    unsigned warnings;        /* likewise; of enum audio_warning */
};

struct audio;

/* EXIT_INPUT with the file, what is wrong and what to do. No allocation depends on what a header
   claims. */
bool audio_open(struct audio **audio, const struct audio_request *request,
                struct failure *failure);

/* Reads up to n > 0 samples to x; *n_read = 0: a gap, or the end if audio_gap returns 0. When
   `streaming`, reads no more from the pipe than n samples need, and returns what is available
   without waiting for n. */
bool audio_read(struct audio *audio, float *x, size_t n, size_t *n_read, struct failure *failure);

/* After *n_read = 0: returns how many samples, at the wanted rate, are missing before the next
   ones, or 0 at the end. */
uint64_t audio_gap(const struct audio *audio);

/* Valid until audio_close. */
const struct audio_facts *audio_facts(const struct audio *audio);

/* Writes the sentence for one warning, "FILE: what is wrong", without newline. Returns text. */
const char *audio_warning_text(const struct audio *audio, enum audio_warning warning, char *text,
                               size_t size);

/* Call at the end. Returns the sentences of the warnings without loss, joined by "; ", except for
   samples that are not finite, which every command counts. NULL: none, or no memory. The caller
   frees it. */
char *audio_notes(const struct audio *audio);

/* Call at the end, where all of the audio is needed: fails with the sentence of the first of
   AUDIO_LOSSES (EXIT_INPUT). */
bool audio_check_whole(const struct audio *audio, struct failure *failure);

void audio_close(struct audio *audio); /* NULL is allowed */

/* Reads the facts of a file that can be read again (not "-", not a command) without decoding. The
   strings in *facts are static. For --channel all, and for estimates of the time left. */
bool audio_probe(const struct audio_request *request, struct audio_facts *facts,
                 struct failure *failure);

#endif

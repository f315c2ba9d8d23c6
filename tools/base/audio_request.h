/* SPDX-License-Identifier: MIT */
/* Which part of which file is read, and how: a list of utterances states it (tools/corpus), and the
   reader of audio fulfils it (tools/audio). */
#ifndef VOQ_TOOLS_AUDIO_REQUEST_H
#define VOQ_TOOLS_AUDIO_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

enum {
    AUDIO_CHANNEL_MEAN = 0,  /* 1 to n: that channel */
    AUDIO_CHANNEL_ONLY = -1, /* the file must have one channel (Kaldi's segments) */
};

struct audio_raw;
struct unpacked_tars;

/* A member of a tar. */
struct audio_member {
    uint64_t size;                  /* bytes */
    struct unpacked_tars *unpacked; /* of a compressed tar; NULL: the tar is read itself */
    const char *label;              /* its name in messages */
    const char *fault;              /* why it cannot be read; NULL: it can */
};

struct audio_request {
    const char *path;            /* a file, "-" for standard input, or a shell command */
    bool is_command;             /* run path by the shell and read its output */
    uint64_t offset;             /* byte where a WAV begins inside a Kaldi archive, or a member in
                                    the unpacked tar; 0: the file */
    const struct audio_member *member; /* path is a tar that holds it; NULL: the file itself */
    const struct audio_raw *raw; /* NULL: the content decides */
    uint32_t rate_hz;            /* wanted; 0: as the file has it */
    int channel;                 /* AUDIO_CHANNEL_... or from 1 */
    double begin_s;              /* 0: the start. Frame (int)(seconds * rate + 0.5), as Kaldi */
    double end_s;                /* <= 0: to the end. 0.5 s beyond the end is cut, more fails */
    uint64_t expected_frames;    /* of the file, as a list states it; 0: not stated */
    const char *label;           /* its name in messages; NULL: the path, or "stdin" */
};

#endif

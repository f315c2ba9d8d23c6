/* SPDX-License-Identifier: MIT */
/* A worker's half of `voq encode`: one utterance after another becomes records in the queue. */
#ifndef VOQ_TOOLS_ENCODE_SOURCE_H
#define VOQ_TOOLS_ENCODE_SOURCE_H

#include "tools/audio/audio.h"
#include "tools/command/encode_queue.h"
#include "tools/corpus/corpus.h"
#include "tools/formats/feature_shard.h"
#include "voq.h"

/* Read-only data that all workers share. */
struct encode_plan {
    const voq_model *model;
    voq_info info;
    bool features;               /* vectors instead of units */
    bool distances;              /* a row also has one squared distance per id, after the ids */
    size_t width;                /* 32-bit values per row, distances included */
    const char *const *label;    /* [n_code]; NULL: labels are not written */
    const struct audio_raw *raw; /* NULL: formats are read from the files */
    const struct encode_manifest *manifest; /* NULL: none is written */
};

/* An input and its name in the output. */
struct encode_item {
    const struct utterance *utterance;
    const char *name;
    int channel;                           /* as in struct audio_request */
    const struct feature_shard_part *part; /* of the file; NULL: all of it */
    const char *fault;                     /* why it fails without being opened; NULL: no fault */
};

/* The records of an utterance: BEGIN, then ROWS and GAP in order of time, then END; or FAILURE and
   END if it fails before the first sample. Texts have no terminating zero. */
enum encode_record {
    RECORD_BEGIN,   /* struct encode_begin */
    RECORD_ROWS,    /* uint32_t or float [n][width] */
    RECORD_GAP,     /* struct encode_gap */
    RECORD_NOTE,    /* text: information, does not change the exit code */
    RECORD_EXPECTED,/* text: a list states another length; a failure with --strict */
    RECORD_LOSS,    /* text: only part could be read, which is kept: exit code 3 */
    RECORD_FAILURE, /* uint32_t exit code, text */
    RECORD_END      /* uint64_t samples read, at the rate of the file */
};

struct encode_begin {
    uint32_t file_rate_hz; /* 0: vectors */
    bool streaming;        /* rows must be written at once, as soon as they are decided */
    double seconds;        /* expected; negative if unknown */
};

struct encode_gap {
    uint64_t n_frame; /* between the previous row and the next */
    uint64_t lost;    /* samples */
    char why[24];
};

struct encode_source;

/* has_thread: it may use one more thread, which reads long files ahead. */
struct encode_source *encode_source_new(const struct encode_plan *plan,
                                        struct encode_queue *queue, size_t worker,
                                        bool has_thread);
void encode_source_free(struct encode_source *source);

/* Puts all records of one claimed utterance. False: the queue was stopped. */
bool encode_source_run(struct encode_source *source, const struct encode_item *item);

#endif

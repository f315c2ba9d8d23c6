/* SPDX-License-Identifier: MIT */
/* A worker's half of `voq encode`: one utterance after another becomes records in the queue. */
#ifndef VOQ_TOOLS_ENCODE_SOURCE_H
#define VOQ_TOOLS_ENCODE_SOURCE_H

#include "tools/audio/audio.h"
#include "tools/command/encode_queue.h"
#include "tools/corpus/corpus.h"
#include "tools/formats/feature_shard.h"
#include "voq.h"

/* What all workers share and nobody changes. */
struct encode_plan {
    const voq_model *model;
    voq_info info;
    bool features;               /* vectors instead of units */
    bool distances;              /* behind the ids of a row, as many squared distances, float */
    size_t width;                /* 32-bit values of a row, with its distances */
    const struct audio_raw *raw; /* NULL: files say what they are */
    const struct encode_manifest *manifest; /* NULL: none is written */
};

/* An input and what it is called in the output. */
struct encode_item {
    const struct utterance *utterance;
    const char *name;
    int channel;                           /* as in struct audio_request */
    const struct feature_shard_part *part; /* of the file; NULL: all of it */
    const char *fault;                     /* why it fails without a look at it; NULL: it may not */
};

/* The records of an utterance: BEGIN, then ROWS and GAP in order of time, END. A failure before
   the first sample: FAILURE, END. Texts are sentences without end. */
enum encode_record {
    RECORD_BEGIN,   /* struct encode_begin */
    RECORD_ROWS,    /* uint32_t or float [n][width] */
    RECORD_GAP,     /* struct encode_gap */
    RECORD_NOTE,    /* text: worth knowing, the exit code stays */
    RECORD_EXPECTED,/* text: a list says otherwise; a failure with --strict */
    RECORD_LOSS,    /* text: what was read is kept, but it is not all: exit code 3 */
    RECORD_FAILURE, /* uint32_t exit code, text */
    RECORD_END      /* uint64_t samples read, at the rate of the file */
};

struct encode_begin {
    uint32_t file_rate_hz; /* 0: vectors */
    bool streaming;        /* rows come as they are decided: pass them on at once */
    double seconds;        /* expected; negative if unknown */
};

struct encode_gap {
    uint64_t n_frame; /* between the last row and the next */
    uint64_t lost;    /* samples */
    char why[24];
};

struct encode_source;

struct encode_source *encode_source_new(const struct encode_plan *plan,
                                        struct encode_queue *queue, size_t worker);
void encode_source_free(struct encode_source *source);

/* All records of one claimed utterance. False: the queue was stopped. */
bool encode_source_run(struct encode_source *source, const struct encode_item *item);

#endif

/* SPDX-License-Identifier: MIT */
/* What a feature format implements; feature_writer.c and feature_reader.c hold the shared parts. */
#ifndef VOQ_TOOLS_FEATURE_OPS_H
#define VOQ_TOOLS_FEATURE_OPS_H

#include "tools/formats/feature_reader.h"
#include "tools/formats/feature_writer.h"
#include "tools/formats/inputs.h"
#include "tools/formats/outputs.h"

struct feature_writer {
    struct feature_writer_options options;
    struct outputs out;
    uint64_t n_frame; /* of this utterance */
    uint64_t n_total; /* of all utterances in this file: hubert */
};

struct feature_writer_ops {
    unsigned options; /* enum writer_option */
    bool (*open)(struct feature_writer *writer, struct failure *failure);  /* NULL: OUT itself */
    bool (*begin)(struct feature_writer *writer, struct failure *failure); /* NULL: nothing */
    void (*frames)(struct feature_writer *writer, const float *x, size_t n);
    bool (*end)(struct feature_writer *writer, struct failure *failure);
};

/* Writes n values as little-endian float32. */
void feature_write_f4(struct sink *sink, const float *x, size_t n);

struct feature_reader {
    struct feature_reader_options options;
    const struct feature_format *format;
    struct inputs in;
    struct feature_utterance utterance;
    char *name;
    uint64_t n_left; /* frames of the utterance not read yet; unknown in text */
    uint64_t frame;  /* index of the next frame in the utterance */
    void *state;
};

struct feature_reader_ops {
    size_t state_size;
    bool (*open)(struct feature_reader *reader, struct failure *failure);
    /* Begins the next utterance: name, n_frame, dim, n_left; *found = false at the end. */
    bool (*next)(struct feature_reader *reader, bool *found, struct failure *failure);
    bool (*read)(struct feature_reader *reader, float *x, size_t n, size_t *n_read,
                 struct failure *failure);
    void (*close)(struct feature_reader *reader); /* NULL: nothing */
};

bool feature_reader_name(struct feature_reader *reader, const char *text, size_t length,
                         struct failure *failure);

/* Sets the utterance's dim, found at a byte of in.bytes; fails if another one is wanted. */
bool feature_dim(struct feature_reader *reader, uint64_t dim, uint64_t offset,
                 struct failure *failure);

/* Reads up to n of the n_left vectors, float32 or float64 of either byte order, from in.bytes. */
bool feature_read_binary(struct feature_reader *reader, bool is_double, bool big_endian, float *x,
                         size_t n, size_t *n_read, struct failure *failure);

#endif

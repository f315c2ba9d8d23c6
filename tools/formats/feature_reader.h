/* SPDX-License-Identifier: MIT */
/* Reads feature vectors, one utterance after another, a block of frames at a time: .npy [n][dim],
   Kaldi matrices (binary, text, by .scp), fairseq's .npy with .len. Float64 is converted. */
#ifndef VOQ_TOOLS_FEATURE_READER_H
#define VOQ_TOOLS_FEATURE_READER_H

#include "tools/formats/format.h"

struct feature_reader_options {
    const struct feature_format *format; /* NULL: by suffix, then by content. A .npy with a .len
                                            beside it is read as one utterance, with a note */
    uint32_t dim;         /* wanted; another one in the file is a failure. 0: any */
    const char *tsv_path; /* hubert: the manifest with the names. NULL: RANK-LINE */
    bool codebooks;       /* npy: [n][k][dim] is read as its n * k vectors, one after another */
    bool names_from_path; /* hubert: the names are the manifest's paths without suffix, not stems */
    bool any_shard_name;  /* hubert: a path without a rank is the only shard */
    struct format_notes notes;
};

#define FEATURE_FRAMES_UNKNOWN UINT64_MAX

struct feature_utterance {
    const char *name;
    uint64_t n_frame; /* FEATURE_FRAMES_UNKNOWN in text */
    uint32_t dim;     /* 0 if unknown because there is no frame */
};

struct feature_reader;

/* path is a file (regular or a pipe), or a folder of .npy files. Errors: EXIT_INPUT as
   "FILE: byte OFFSET: ..." or "FILE:LINE: ...". */
bool feature_reader_open(struct feature_reader **reader, const char *path,
                         const struct feature_reader_options *options, struct failure *failure);

/* Begins the next utterance (skips the rest of the one before); *utterance = NULL after the last.
   Valid until the next call of this function. */
bool feature_reader_next(struct feature_reader *reader, const struct feature_utterance **utterance,
                         struct failure *failure);

/* Call after feature_reader_next: limits the utterance to n frames from frame `first` on. The file
   must not be a pipe or transposed. */
bool feature_reader_part(struct feature_reader *reader, uint64_t first, uint64_t n,
                         struct failure *failure);

/* Reads up to n > 0 frames to x[n][dim]; *n_read = 0: the utterance ends. NaN, infinity and values
   that overflow float32 are failures that name frame and dimension. */
bool feature_reader_read(struct feature_reader *reader, float *x, size_t n, size_t *n_read,
                         struct failure *failure);

void feature_reader_close(struct feature_reader *reader); /* NULL is allowed */

/* Reads the dimensions of the first utterance. EXIT_INPUT: the file contains no vector. */
bool feature_reader_dim(const char *path, uint32_t *dim, struct failure *failure);

#endif

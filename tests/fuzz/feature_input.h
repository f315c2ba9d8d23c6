/* SPDX-License-Identifier: MIT */
/* Bytes as feature vectors. What is read is finite, and has the frames that were promised. */
#ifndef VOQ_TESTS_FEATURE_INPUT_H
#define VOQ_TESTS_FEATURE_INPUT_H

#include "tests/fuzz/memory_file.h"
#include "tools/formats/feature_reader.h"

#include <math.h>

enum { FEATURE_BLOCK = 3 };

static inline void read_vectors(struct feature_reader *reader, const struct feature_utterance *u)
{
    struct failure failure;
    float *x = malloc(FEATURE_BLOCK * (u->dim + 1) * sizeof *x);
    uint64_t n_frame = u->n_frame, dim = u->dim, n_all = 0;
    size_t n_read = 1;
    bool good = x != NULL;
    while (good && n_read > 0) {
        good = feature_reader_read(reader, x, FEATURE_BLOCK, &n_read, &failure);
        for (size_t i = 0; good && i < n_read * dim; i++)
            if (!isfinite(x[i])) abort();
        n_all += good ? n_read : 0;
    }
    if (good && n_frame != FEATURE_FRAMES_UNKNOWN && n_all != n_frame) abort();
    free(x);
}

static inline void read_features(const char *path, const struct feature_reader_options *options)
{
    struct feature_reader *reader;
    struct failure failure;
    const struct feature_utterance *u;
    if (!feature_reader_open(&reader, path, options, &failure)) return;
    while (feature_reader_next(reader, &u, &failure) && u)
        if (u->name[0] != '-') read_vectors(reader, u); /* the others are skipped */
    feature_reader_close(reader);
}

#endif

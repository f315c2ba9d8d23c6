/* SPDX-License-Identifier: MIT */
/* Everything from a corpus to batches, for tests. The program must define _GNU_SOURCE before its
   first #include. */
#ifndef VOQ_TESTS_LEARN_SETUP_H
#define VOQ_TESTS_LEARN_SETUP_H

#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/learn/batches.h"
#include "tools/learn/feature_statistics.h"

#include <math.h>

enum { RATE = 16000, HOP = 160, BANDS = 40, MOST_SOURCES = 2 };

static struct failure failure;

struct setup {
    struct corpus *corpus[MOST_SOURCES];
    struct source source[MOST_SOURCES];
    size_t n_source;
    struct recordings recordings;
    struct feature_chain chain;
    voq_frontend frontend;
    float mean[BANDS], deviation[BANDS], scale[BANDS];
    voq_normalise normalise;
    struct examples examples;
    struct batches *batches;
    size_t n_thread, n_failed, n_done;
};

static inline bool count_end(void *context, const struct recordings_end *end, struct failure *why)
{
    (void)why;
    struct setup *setup = context;
    setup->n_done++;
    setup->n_failed += end->trouble != NULL;
    return true;
}

static inline bool add_source(struct setup *setup, const char *path, double share, float weight)
{
    const struct corpus_options options = {
        .allow_equal_names = true, .suffixes = strcmp(path, scratch("numbered")) == 0
                                                   ? CORPUS_SUFFIXES_VECTORS
                                                   : CORPUS_SUFFIXES_AUDIO};
    struct corpus **corpus = &setup->corpus[setup->n_source];
    if (!corpus_open(corpus, &path, 1, &options, &failure)) return false;
    setup->source[setup->n_source++] = (struct source){*corpus, share, weight};
    return true;
}

static inline bool read_speech(struct setup *setup)
{
    const struct recordings_request request = {
        .source = setup->source, .n_source = setup->n_source, .rate_hz = RATE, .hop_samples = HOP,
        .dim = 1, .n_thread = setup->n_thread, .cache_folder = scratch("."), .done = count_end,
        .context = setup};
    if (voq_frontend_profile("encoder", &setup->frontend) != VOQ_OK) return false;
    if (!feature_chain_open(&setup->chain, &setup->frontend, 0, VOQ_CPU_AUTO, &failure) ||
        !recordings_read(&setup->recordings, &request, &failure) ||
        !feature_statistics(&setup->recordings, &setup->chain, setup->n_thread, setup->mean,
                            setup->deviation, &failure))
        return false;
    for (int d = 0; d < BANDS; d++) setup->scale[d] = (float)(1 / (double)setup->deviation[d]);
    setup->normalise = (voq_normalise){.struct_size = sizeof setup->normalise,
                                       .kind = VOQ_NORMALISE_RUNNING_SCALED, .dim = BANDS, .n0 = 50,
                                       .n_max = 400, .mean = setup->mean, .scale = setup->scale};
    return feature_chain_set_normalise(&setup->chain, &setup->normalise, &failure);
}

static inline bool read_vectors(struct setup *setup, uint32_t dim)
{
    const struct recordings_request request = {
        .source = setup->source, .n_source = setup->n_source, .hop_samples = 1, .dim = dim,
        .n_thread = setup->n_thread, .cache_folder = scratch("."), .done = count_end,
        .context = setup};
    return feature_chain_open(&setup->chain, NULL, dim, VOQ_CPU_AUTO, &failure) &&
           recordings_read(&setup->recordings, &request, &failure);
}

/* Fields of *request that are 0 are filled in. */
static inline bool open_batches(struct setup *setup, struct batches_request request)
{
    setup->examples.recordings = &setup->recordings;
    setup->examples.chain = &setup->chain;
    setup->examples.seed = 1;
    request.examples = &setup->examples;
    request.n_thread = setup->n_thread;
    return examples_prepare(&setup->examples, &failure) &&
           batches_new(&setup->batches, &request, &failure);
}

static inline void close_all(struct setup *setup)
{
    batches_free(setup->batches);
    examples_clear(&setup->examples);
    recordings_clear(&setup->recordings);
    feature_chain_close(&setup->chain);
    for (size_t i = 0; i < setup->n_source; i++) corpus_close(setup->corpus[i]);
}

static inline void write_npy(const char *name, const float *x, size_t n, size_t dim)
{
    char header[129] = "\x93NUMPY\x01";
    header[8] = 118;
    memset(header + 10, ' ', 117);
    const char *format = "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu)}";
    int length = sprintf(header + 10, format, n, dim);
    header[10 + length] = ' ';
    header[127] = '\n';
    FILE *file = fopen(scratch(name), "wb");
    if (!file || fwrite(header, 1, 128, file) != 128 ||
        fwrite(x, sizeof *x, n * dim, file) != n * dim || fclose(file) != 0)
        abort();
}

/* Vectors (sequence, row) in files of many lengths; labels that state the row. */
enum { SEQUENCES = 23 };
static inline size_t length_of(size_t s)
{
    return s == 5 ? 0 : 1 + s * s * 7 % 1000;
}

static inline void write_numbered(void)
{
    static float x[2000];
    static char labels[400000];
    size_t at = 0;
    mkdir(scratch("numbered"), 0700);
    for (size_t s = 0; s < SEQUENCES; s++) {
        char name[32];
        at += (size_t)sprintf(labels + at, "s%02zu|", s);
        for (size_t i = 0; i < length_of(s); i++) {
            x[2 * i] = (float)(s + 1);
            x[2 * i + 1] = (float)i;
            at += (size_t)sprintf(labels + at, i ? " %zu" : "%zu", i);
        }
        at += (size_t)sprintf(labels + at, "\n");
        snprintf(name, sizeof name, "numbered/s%02zu.npy", s);
        write_npy(name, x, length_of(s), 2);
    }
    scratch_text("numbered.gslm", labels);
}

static inline void write_wave(const char *name, size_t n)
{
    unsigned char header[44] = "RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0"
                               "\x10\0data";
    FILE *file = fopen(scratch(name), "wb");
    for (int i = 0; i < 4; i++) {
        header[4 + i] = (unsigned char)((36 + 2 * n) >> (8 * i));
        header[40 + i] = (unsigned char)((2 * n) >> (8 * i));
    }
    if (!file || fwrite(header, 1, 44, file) != 44) abort();
    for (size_t i = 0; i < n; i++) {
        int16_t sample = (int16_t)(i * 7919 % 2000);
        if (fwrite(&sample, 2, 1, file) != 1) abort();
    }
    if (fclose(file) != 0) abort();
}

#endif

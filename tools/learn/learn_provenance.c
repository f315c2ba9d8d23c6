/* SPDX-License-Identifier: MIT */
#include "tools/learn/learn_provenance.h"

#include "src/model/sha256.h"
#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/learn/file_digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST = 32, HEX = 2 * DIGEST + 1 };

/* A recording as it counts for the digest. */
struct recording_line {
    const char *name;
    uint64_t first;
    char hex[HEX];
};

static int compare_lines(const void *a, const void *b)
{
    const struct recording_line *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order != 0) return order;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return strcmp(x->hex, y->hex);
}

static void hash(const void *bytes, size_t n, char hex[HEX])
{
    unsigned char digest[DIGEST];
    struct sha256 sha;
    voq_sha256_begin(&sha);
    voq_sha256_add(&sha, bytes, n);
    voq_sha256_end(&sha, digest);
    format_hex(hex, digest, sizeof digest);
}

static bool read_line(const struct recordings *recordings, size_t i, float **x, size_t *capacity,
                      struct recording_line *line, struct failure *failure)
{
    const struct recording *recording = &recordings->recording[i];
    size_t n = (size_t)recording->n * recordings->dim;
    line->name = recording_utterance(recordings, i)->name;
    line->first = recording->first;
    if (!grow(x, capacity, n, sizeof **x, failure) ||
        !recording_get(recordings, i, *x, failure))
        return false;
    hash(*x, n * sizeof **x, line->hex);
    return true;
}

/* The digest of what was read, whatever its order. */
static bool digest(const struct recordings *recordings, char hex[HEX], struct failure *failure)
{
    struct recording_line *line = zeroed(recordings->n, sizeof *line, failure);
    float *x = NULL;
    size_t capacity = 0;
    bool good = line != NULL;
    for (size_t i = 0; good && i < recordings->n; i++)
        good = read_line(recordings, i, &x, &capacity, &line[i], failure);
    free(x);
    if (good) {
        char *text = NULL;
        size_t size;
        FILE *file = open_memstream(&text, &size);
        good = file || fail_memory(failure);
        qsort(line, recordings->n, sizeof *line, compare_lines);
        for (size_t i = 0; good && i < recordings->n; i++)
            fprintf(file, "%s %" PRIu64 " %s\n", line[i].name, line[i].first, line[i].hex);
        if (file && fclose(file) != 0) good = fail_memory(failure);
        if (good) hash(text, size, hex);
        free(text);
    }
    free(line);
    return good;
}

static bool write_labels(FILE *file, const struct learn_data *data, struct failure *failure)
{
    char hex[HEX], number[32];
    for (size_t h = 0; h < data->n_head; h++) {
        if (!file_digest(data->label_path[h], hex, failure)) return false;
        format_double(number, data->head_weight[h]);
        fprintf(file, "labels_%zu=%s weight %s\n", h + 1, hex, number);
    }
    return true;
}

static void write_shares(FILE *file, const struct learn_data *data)
{
    char share[32], weight[32];
    for (size_t s = 1; s < data->n_source; s++) {
        format_double(share, data->source[s].share);
        format_double(weight, (double)data->source[s].weight);
        fprintf(file, "share_%zu=%s weight %s\n", s, share, weight);
    }
}

static bool write(FILE *file, const struct learn_data *data, const char *encoder,
                  struct failure *failure)
{
    const struct learn_options *options = data->options;
    char hex[HEX], number[32];
    fprintf(file, "batch=%" PRIu32 "\n", options->batch_frames);
    if (options->codebook_loss) fprintf(file, "codebook=loss\n");
    fprintf(file, "codebooks=%" PRIu32 "\ncodes=%" PRIu32 "\n", options->codebooks,
            options->codes);
    if (data->noise_corpus) {
        format_double(number, options->consistency);
        fprintf(file, "consistency=%s\n", number);
    }
    if (options->corpus_name) fprintf(file, "corpus=%s\n", options->corpus_name);
    if (!digest(&data->recordings, hex, failure)) return false;
    fprintf(file, "corpus_sha256=%s\ncorpus_utterances=%zu\nencoder=%s\nepochs=%" PRIu32 "\n", hex,
            data->recordings.n, encoder, options->epochs);
    for (size_t i = 0; i < options->init->n; i++) {
        if (!file_digest(options->init->text[i], hex, failure)) return false;
        fprintf(file, "init_%zu=%s\n", i + 1, hex);
    }
    if (!write_labels(file, data, failure)) return false;
    format_double(number, options->learning_rate);
    fprintf(file, "learning_rate=%s\n", number);
    if (options->licence) fprintf(file, "licence=%s\n", options->licence);
    if (data->noise_corpus) {
        if (!digest(&data->noise, hex, failure)) return false;
        format_double(number, data->noise_share);
        fprintf(file, "noise_sha256=%s\nnoise_share=%s\n", hex, number);
    }
    fprintf(file, "objective=%s\nseed=%" PRIu64 "\n",
            options->objective == LEARN_LABELS ? "labels" : "vqvae", options->seed);
    write_shares(file, data);
    fprintf(file, "voq=%s\n", voq_version_string());
    return true;
}

char *learn_provenance(const struct learn_data *data, const char *encoder,
                       struct failure *failure)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    bool good = file ? write(file, data, encoder, failure) : fail_memory(failure);
    if (file && fclose(file) != 0 && good) good = fail_memory(failure);
    if (good) return text;
    free(text);
    return NULL;
}

void learn_identity(const char *provenance, char hex[HEX])
{
    hash(provenance, strlen(provenance), hex);
}

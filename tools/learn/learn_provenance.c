/* SPDX-License-Identifier: MIT */
#include "tools/learn/learn_provenance.h"

#include "tools/base/number.h"
#include "tools/base/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool write_labels(FILE *file, const struct learn_data *data, struct failure *failure)
{
    char hex[DIGEST_HEX], number[32];
    for (size_t h = 0; h < data->n_head; h++) {
        if (!file_digest(data->label_path[h], hex, failure)) return false;
        format_double(number, data->head_weight[h]);
        fprintf(file, "labels_%zu=%s weight %s", h + 1, hex, number);
        format_double(number, data->head_code_weight[h]);
        if (data->head_code_weight[h] != data->head_weight[h]) fprintf(file, ",%s", number);
        fputc('\n', file);
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
    char hex[DIGEST_HEX], number[32];
    fprintf(file, "batch=%" PRIu32 "\n", options->batch_frames);
    if (options->codebook_loss) fprintf(file, "codebook=loss\n");
    fprintf(file, "codebooks=%" PRIu32 "\ncodes=%" PRIu32 "\n", options->codebooks,
            options->codes);
    if (data->noise_corpus) {
        format_double(number, options->consistency);
        fprintf(file, "consistency=%s\n", number);
    }
    if (options->corpus_name) fprintf(file, "corpus=%s\n", options->corpus_name);
    fprintf(file, "corpus_sha256=%s\ncorpus_utterances=%zu\nencoder=%s\nepochs=%" PRIu32 "\n",
            data->recordings.digest, data->recordings.n_utterance, encoder, options->epochs);
    for (size_t i = 0; i < options->init->n; i++) {
        if (!file_digest(options->init->text[i], hex, failure)) return false;
        fprintf(file, "init_%zu=%s\n", i + 1, hex);
    }
    if (!write_labels(file, data, failure)) return false;
    if (options->labels_hop > 0) fprintf(file, "labels_hop=%" PRIu32 "\n", options->labels_hop);
    format_double(number, options->learning_rate);
    fprintf(file, "learning_rate=%s\n", number);
    if (options->licence) fprintf(file, "licence=%s\n", options->licence);
    if (data->noise_corpus) {
        format_double(number, data->noise_share);
        fprintf(file, "noise_sha256=%s\nnoise_share=%s\n", data->noise.digest, number);
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

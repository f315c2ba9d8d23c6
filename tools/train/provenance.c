/* SPDX-License-Identifier: MIT */
#include "tools/train/provenance.h"

#include "tools/base/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *provenance_text(const struct settings *settings, const struct collection *collection,
                      const char *init_hash, const char *labels_hash)
{
    static const char *const normalise_name[] = {"", "none", "mean", "variance", "global"};
    char *text = NULL, number[32];
    size_t size;
    FILE *file = open_memstream(&text, &size);
    if (!file) return NULL;
    if (settings->batches > 0)
        fprintf(file, "batch=%" PRIu32 "\nbatches=%" PRIu32 "\n", settings->batch_frames,
                settings->batches);
    if (settings->cap_speaker > 0)
        fprintf(file, "cap_speaker=%" PRIu64 "\n", settings->cap_speaker);
    if (settings->lda > 0 && !settings_classes_file(settings))
        fprintf(file, "classes=%" PRIu32 "\n", settings->classes);
    fprintf(file, "codebooks=%" PRIu32 "\ncodes=%" PRIu32 "\n", settings->codebooks,
            settings->codes);
    if (settings->corpus_name) fprintf(file, "corpus=%s\n", settings->corpus_name);
    fprintf(file, "corpus_frames=%" PRIu64 "\n", collection->n_frame_seen);
    fprintf(file, "corpus_sha256=%s\n", collection->digest);
    fprintf(file, "corpus_utterances=%zu\n", collection->n_utterance);
    if (settings->frames > 0) fprintf(file, "frames=%" PRIu64 "\n", settings->frames);
    if (init_hash) fprintf(file, "init=%s\n", init_hash);
    fprintf(file, "iterations_at_most=%" PRIu32 "\n", settings->iterations);
    if (labels_hash) fprintf(file, "labels_sha256=%s\n", labels_hash);
    if (settings->lda > 0) fprintf(file, "lda=%" PRIu32 "\n", settings->lda);
    if (settings_has_transform(settings)) fprintf(file, "left=%" PRIu32 "\n", settings->left);
    if (settings->licence) fprintf(file, "licence=%s\n", settings->licence);
    if (settings->normalise != NORMALISE_DEFAULT)
        fprintf(file, "normalise=%s\n", normalise_name[settings->normalise]);
    if (settings->pca > 0) fprintf(file, "pca=%" PRIu32 "\n", settings->pca);
    if (settings_has_transform(settings)) fprintf(file, "right=%" PRIu32 "\n", settings->right);
    if (settings->lda > 0 && !settings_classes_file(settings))
        fprintf(file, "rounds=%" PRIu32 "\n", settings->rounds);
    fprintf(file, "seed=%" PRIu64 "\n", settings->seed);
    if (settings->time_s > 0) {
        format_double(number, settings->time_s);
        fprintf(file, "time=%s\n", number);
    }
    format_double(number, settings->tolerance);
    fprintf(file, "tolerance=%s\nvoq=%s\n", number, voq_version_string());
    if (settings_warps(settings)) {
        format_double(number, settings->warp);
        fprintf(file, "warp=%s\n", number);
    }
    if (settings->whiten) fputs("whiten=1\n", file);
    if (fclose(file) == 0) return text;
    free(text);
    return NULL;
}

bool provenance_value(const char *text, const char *key, char *value, size_t capacity)
{
    size_t length = strlen(key);
    while (text && *text) {
        const char *end = strchr(text, '\n');
        size_t n = end ? (size_t)(end - text) : strlen(text);
        if (n > length && text[length] == '=' && memcmp(text, key, length) == 0) {
            if (n - length > capacity) return false;
            memcpy(value, text + length + 1, n - length - 1);
            value[n - length - 1] = '\0';
            return true;
        }
        text = end ? end + 1 : NULL;
    }
    return false;
}

/* SPDX-License-Identifier: MIT */
/* A corpus through a model: units, features and what quantization cost, on all cores. */
#ifndef VOQ_TOOLS_CORPUS_UNITS_H
#define VOQ_TOOLS_CORPUS_UNITS_H

#include "tools/eval/audio_change.h"
#include "tools/eval/feature_set.h"
#include "tools/eval/item.h"
#include "tools/eval/quantizer_error.h"
#include "tools/eval/unit_set.h"
#include "voq.h"

struct corpus; /* tools/corpus/corpus.h */

struct corpus_encoding {
    const voq_model *model;
    const struct corpus *corpus;
    const struct audio_change *change;    /* NULL: audio as it is. Of utterance i of the corpus */
    const struct item_list *items;        /* features of their files are kept; NULL: none */
    uint32_t hop_samples, rate_hz;        /* of a model of vectors, which does not know them */
    size_t n_thread;
    bool strict; /* the first utterance that fails stops all */
    /* An utterance that fails is left out and told here, in the order of the corpus. */
    void (*failed)(void *context, const struct failure *failure);
    /* Samples that are no numbers were taken as 0. */
    void (*not_finite)(void *context, const char *path, uint64_t n);
    void *context;
};

/* Fills and finishes *units; *features (with items) and *error may be NULL. The same for every
   number of threads. */
bool corpus_units(const struct corpus_encoding *encoding, struct unit_set *units,
                  struct feature_set *features, struct quantizer_error *error,
                  struct failure *failure);

/* All of a folder of noises at a rate. The first that fails stops. */
bool noises_read(const char *folder, uint32_t rate_hz, struct samples **noise, size_t *n_noise,
                 struct failure *failure);
void noises_free(struct samples *noise, size_t n_noise);

#endif

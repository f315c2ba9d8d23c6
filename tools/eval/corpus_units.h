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
    const voq_model *const *model;        /* [n_model]; audio is read once for models of one rate */
    size_t n_model;
    const struct corpus *corpus;
    const struct audio_change *change;    /* NULL: audio as it is. Of utterance i of the corpus */
    const struct item_list *items;        /* features of their files are kept; NULL: none */
    uint32_t hop_samples, rate_hz;        /* of a model of vectors, which does not know them */
    size_t n_thread;
    bool strict; /* the first utterance that fails stops all */
    /* [corpus_size] or NULL. Those that are true are not looked at; those that fail become true. */
    bool *left_out;
    /* An utterance that fails with any model is left out for all, and told here, in the order of
       the corpus. */
    void (*failed)(void *context, const struct failure *failure);
    /* Samples that are no numbers were taken as 0. */
    void (*not_finite)(void *context, const char *path, uint64_t n);
    /* What else is good to know of a file: see audio_notes. */
    void (*noted)(void *context, const char *notes);
    void *context;
};

/* What comes out, of each model. */
struct corpus_products {
    struct unit_set *units;        /* [n_model] */
    struct feature_set *features;  /* [n_model] with items; or NULL */
    struct quantizer_error *error; /* [n_model] or NULL */
};

/* Fills and finishes the units, fills the rest. The same for every number of threads. */
bool corpus_units(const struct corpus_encoding *encoding, const struct corpus_products *products,
                  struct failure *failure);

/* All of a folder of noises at a rate. The first that fails stops. */
bool noises_read(const char *folder, uint32_t rate_hz, struct samples **noise, size_t *n_noise,
                 struct failure *failure);
void noises_free(struct samples *noise, size_t n_noise);

#endif

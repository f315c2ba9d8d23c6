/* SPDX-License-Identifier: MIT */
/* Encodes a corpus with models, on all cores: units, features and quantization error. */
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
    const voq_model *const *model;        /* [n_model]; audio is read once per rate */
    size_t n_model;
    const struct corpus *corpus;
    const struct audio_change *change;    /* of utterance i of the corpus; NULL: none */
    const struct item_list *items;        /* features of their files are kept; NULL: none */
    uint32_t hop_samples, rate_hz;        /* for a model of vectors, which has none */
    size_t n_thread;
    bool strict; /* stop at the first utterance that fails */
    /* [corpus_size] or NULL. True: the utterance is skipped; set to true if it fails. */
    bool *left_out;
    /* An utterance that fails with any model is left out for all models and reported here, in the
       order of the corpus. */
    void (*failed)(void *context, const struct failure *failure);
    /* n samples were NaN or infinite and taken as 0. */
    void (*not_finite)(void *context, const char *path, uint64_t n);
    /* Reports notes about a file: see audio_notes. */
    void (*noted)(void *context, const char *notes);
    void *context;
};

/* The results, one per model. */
struct corpus_products {
    struct unit_set *units;        /* [n_model] */
    struct feature_set *features;  /* [n_model] if items are given; or NULL */
    struct quantizer_error *error; /* [n_model] or NULL */
    struct quantizer_sums *sums;   /* [n_model][corpus_size], for the caller to clear; or NULL */
};

/* Fills the products and finishes the units. The result does not depend on n_thread. */
bool corpus_units(const struct corpus_encoding *encoding, const struct corpus_products *products,
                  struct failure *failure);

/* Reads all noises of a folder at a rate. Stops at the first that fails. */
bool noises_read(const char *folder, uint32_t rate_hz, struct samples **noise, size_t *n_noise,
                 struct failure *failure);
void noises_free(struct samples *noise, size_t n_noise);

#endif

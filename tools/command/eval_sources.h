/* SPDX-License-Identifier: MIT */
/* The inputs of `voq eval`: units (from a file, or from models and a corpus), phones, items,
   features. */
#ifndef VOQ_TOOLS_EVAL_SOURCES_H
#define VOQ_TOOLS_EVAL_SOURCES_H

#include "tools/command/eval_operands.h"
#include "tools/command/eval_options.h"
#include "tools/cli/messages.h"
#include "tools/cli/option_guard.h"
#include "tools/eval/alignment.h"
#include "tools/eval/corpus_root.h"
#include "tools/eval/corpus_units.h"

struct eval_stored; /* eval_stored.h */

struct eval_sources {
    struct messages *messages;
    struct option_guard guard; /* checked as soon as all inputs are known */
    size_t n_failed; /* utterances of the corpus that were reported and left out */

    /* One entry per model, or one for the unit file. */
    size_t n_subject;
    const char **name;         /* [n_subject] of the model or file */
    struct unit_set *units;    /* [n_subject] */
    struct feature_set *features; /* [n_subject]; empty: none */
    struct quantizer_error *quantizer_error; /* [n_subject]; NULL without models */
    struct quantizer_sums *sums; /* with --shard: [n_model][corpus_size] */
    struct eval_stored *stored; /* with --merge: what the shards measured */

    struct alignment *phones; /* NULL: none */
    struct item_list items;
    bool has_items;
    struct unit_set changed;
    const char *phones_name, *items_name; /* paths of the files read; NULL: none */
    const char *digest[2]; /* with --merge: those that phones and items had */

    struct eval_operands operands;
    voq_model **model; /* [n_model]; NULL: units come from a file */
    char **path;       /* [n_model] where they were found */
    bool has_vectors;  /* a model's input is vectors, which have no time */
    struct corpus *corpus;
    struct corpus_root root;
    struct corpus_encoding encoding; /* how the corpus was encoded */
};

/* *sources must be zeroed except for messages. The caller clears it in any case. */
bool eval_sources_read(struct eval_sources *sources, struct eval_options *options, char **operand,
                       size_t n_operand, struct failure *failure);
void eval_sources_clear(struct eval_sources *sources);

/* For models: open them, then the corpus, and encode it later. */
bool eval_models_open(struct eval_sources *sources, const struct eval_options *options,
                      struct failure *failure);
bool eval_corpus_open(struct eval_sources *sources, const struct eval_options *options,
                      struct failure *failure);
bool eval_corpus_encode(struct eval_sources *sources, const struct eval_options *options,
                        struct failure *failure);
void eval_corpus_close(struct eval_sources *sources);

#endif

/* SPDX-License-Identifier: MIT */
/* What `voq eval` reads before it measures: units (of a file, or of a model and a corpus), phones,
   items, features. */
#ifndef VOQ_TOOLS_EVAL_SOURCES_H
#define VOQ_TOOLS_EVAL_SOURCES_H

#include "tools/command/eval_options.h"
#include "tools/command/messages.h"
#include "tools/command/option_guard.h"
#include "tools/eval/alignment.h"
#include "tools/eval/corpus_root.h"
#include "tools/eval/corpus_units.h"

struct eval_sources {
    struct messages *messages;
    struct option_guard guard; /* asked as soon as all inputs are known */
    size_t n_failed; /* utterances of the corpus that were left out, and told */

    struct unit_set units, changed;
    struct alignment *phones; /* NULL: none */
    struct item_list items;
    struct feature_set features;
    struct quantizer_error quantizer_error;
    bool has_items, has_quantizer_error;
    const char *units_name, *phones_name, *items_name; /* what was read; NULL: none */

    voq_model *model;
    char model_path[4096];
    struct corpus *corpus;
    struct corpus_root root;
    struct corpus_encoding encoding; /* how the corpus was encoded */
};

/* *sources is zero but for messages. Cleared by the caller in any case. */
bool eval_sources_read(struct eval_sources *sources, const struct eval_options *options,
                       char **operand, size_t n_operand, struct failure *failure);
void eval_sources_clear(struct eval_sources *sources);

/* The part with a model: operand[0] is the model, the rest the corpus. */
bool eval_corpus_encode(struct eval_sources *sources, const struct eval_options *options,
                        char **operand, size_t n_operand, struct failure *failure);
void eval_corpus_close(struct eval_sources *sources);

#endif

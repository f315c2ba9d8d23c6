/* SPDX-License-Identifier: MIT */
/* Checks that the options of `voq eval` fit its inputs. No option is silently ignored. */
#ifndef VOQ_TOOLS_EVAL_FIT_H
#define VOQ_TOOLS_EVAL_FIT_H

#include "tools/command/eval_options.h"

struct eval_facts {
    size_t n_model; /* 0: units come from a file */
    bool has_phones, has_items;
    bool has_vectors; /* the input of a model is vectors, which have no time */
};

/* EXIT_USAGE names the option and what it needs. */
bool eval_fit(const struct eval_options *options, const struct eval_facts *facts,
              struct failure *failure);

/* The same of the options beside --shard and --merge, before anything is read. */
bool eval_fit_shards(const struct eval_options *options, struct failure *failure);

#endif

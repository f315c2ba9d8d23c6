/* SPDX-License-Identifier: MIT */
/* All measurements of `voq eval`. */
#ifndef VOQ_TOOLS_EVAL_MEASURE_H
#define VOQ_TOOLS_EVAL_MEASURE_H

#include "tools/command/eval_sources.h"
#include "tools/eval/bootstrap.h"
#include "tools/eval/robustness.h"

/* The results of one model, or of the unit file, that are not in its evaluation. */
struct eval_details {
    struct edit_distance ued;
    struct abx_scores abx, abx_features;
    struct quantizer_error reconstruction;
    struct robustness robustness;
    struct bootstrap_evidence evidence;
    struct bootstrap bootstrap;
};

struct eval_results {
    struct evaluation *evaluation; /* [n] */
    struct eval_details *details;  /* [n] */
    size_t n;
    struct resampling resampling; /* shared: all models have the same utterances */
};

/* *results must be zeroed. The caller clears it in any case. */
bool eval_measure(const struct eval_options *options, const struct eval_sources *sources,
                  struct eval_results *results, struct failure *failure);

/* Warns of names that do not match; false, with an error: none of them matches. */
bool eval_say_names(const struct evaluation *e, const struct eval_sources *sources);
void eval_results_clear(struct eval_results *results);

#endif

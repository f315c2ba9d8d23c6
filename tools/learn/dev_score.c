/* SPDX-License-Identifier: MIT */
#include "tools/learn/dev_score.h"

#include "tools/eval/agreement.h"

#include <math.h>
#include <stdlib.h>

struct dev_score {
    struct source source;
    struct recordings recordings;
    struct label_head *head;
    struct examples examples;
};

bool dev_score_open(struct dev_score **score, const struct dev_score_options *options,
                    struct failure *failure)
{
    struct dev_score *opened = calloc(1, sizeof *opened);
    if (!opened) return fail_memory(failure);
    *score = opened;
    opened->source = (struct source){options->corpus, 1, 1};
    const struct recordings_request request = {
        .source = &opened->source, .n_source = 1, .rate_hz = options->chain->rate_hz,
        .hop_samples = options->chain->hop_samples,
        .dim = options->chain->frames ? 1 : options->chain->dim, .n_thread = options->n_thread,
        .cache_folder = options->cache_folder, .done = options->done,
        .context = options->context};
    struct label_head_options labels = {.cache_folder = options->cache_folder};
    labels.units.facts.hop_samples = options->labels_hop;
    opened->examples = (struct examples){.recordings = &opened->recordings,
                                         .chain = options->chain, .head = &opened->head,
                                         .n_head = 1, .stride = options->stride};
    bool good = label_head_read(&opened->head, options->labels, &labels, failure) &&
                recordings_read(&opened->recordings, &request, failure) &&
                examples_prepare(&opened->examples, failure);
    if (good) return true;
    dev_score_close(opened);
    *score = NULL;
    return false;
}

void dev_score_close(struct dev_score *score)
{
    if (!score) return;
    examples_clear(&score->examples);
    label_head_free(score->head);
    recordings_clear(&score->recordings);
    free(score);
}

bool dev_score_pnmi(struct dev_score *score, struct learner *learner, double *pnmi,
                    struct failure *failure)
{
    struct counts counts = {0};
    struct agreement agreement = {0};
    *pnmi = NAN;
    if (!learner->quantizes) return true;
    bool good = count_codes(learner, &score->examples, &counts, failure) &&
                agreement_measure(&counts, &agreement, failure);
    if (good && agreement.frames > 0) *pnmi = agreement.pnmi;
    counts_clear(&counts);
    return good;
}

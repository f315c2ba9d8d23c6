/* SPDX-License-Identifier: MIT */
/* Features of speech for the calibration of a network: of up to 60 utterances, spread evenly over
   the corpus, the first 1,500 frames of each. */
#ifndef VOQ_TOOLS_CALIBRATION_CORPUS_H
#define VOQ_TOOLS_CALIBRATION_CORPUS_H

#include "tools/cli/option_guard.h"
#include "tools/learn/calibration.h"
#include "voq.h"

struct calibration_corpus {
    struct calibration_utterance *utterance; /* [n] */
    size_t n;
    uint64_t n_frame; /* of all of them */
};

/* features: a model without a codebook. The first utterance that cannot be read is a failure. Adds
   the recordings to the guard. After a failure calibration_corpus_free frees what there is. */
bool calibration_corpus_read(struct calibration_corpus *calibration, const char *path,
                             const voq_model *features, struct option_guard *guard,
                             struct failure *failure);
void calibration_corpus_free(struct calibration_corpus *calibration);

#endif

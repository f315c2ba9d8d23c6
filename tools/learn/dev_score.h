/* SPDX-License-Identifier: MIT */
/* How well the units agree with phones on speech that is not trained on, after every epoch: PNMI
   (tools/eval/README.md) of the float network's units. */
#ifndef VOQ_LEARN_DEV_SCORE_H
#define VOQ_LEARN_DEV_SCORE_H

#include "tools/learn/plain_run.h"

struct dev_score;

struct dev_score_options {
    const struct corpus *corpus;
    const char *labels;  /* alignment or units */
    uint32_t labels_hop; /* of units; 0: as the file states */
    uint32_t stride;     /* of the network */
    const struct feature_chain *chain;
    size_t n_thread;
    const char *cache_folder;
    recordings_done *done; /* of reading */
    void *context;
};

bool dev_score_open(struct dev_score **score, const struct dev_score_options *options,
                    struct failure *failure);
void dev_score_close(struct dev_score *score); /* NULL is allowed */

/* NaN: no frame has a label, or no codebook yet. */
bool dev_score_pnmi(struct dev_score *score, struct learner *learner, double *pnmi,
                    struct failure *failure);

#endif

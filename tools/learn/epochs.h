/* SPDX-License-Identifier: MIT */
/* The epochs of a training: batches, learning rate, the start of the codebook, reports,
   checkpoints. A training that continues from a checkpoint ends in the same bits. */
#ifndef VOQ_LEARN_EPOCHS_H
#define VOQ_LEARN_EPOCHS_H

#include "tools/learn/batches.h"
#include "tools/learn/dev_score.h"
#include "tools/learn/learn_data.h"

struct epochs {
    const struct learn_options *options;
    const struct learn_data *data;
    struct learner *learner;
    struct dev_score *dev; /* NULL: none */
    struct messages *messages;
    struct checkpoint_file *checkpoint;
    const char *identity;
    bool resumed;
};

/* The state after the last epoch is in the learner. */
bool epochs_run(struct epochs *epochs, struct failure *failure);

#endif

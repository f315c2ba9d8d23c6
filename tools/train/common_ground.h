/* SPDX-License-Identifier: MIT */
/* What all ranks must have in common: they share a file system. */
#ifndef VOQ_TRAIN_COMMON_GROUND_H
#define VOQ_TRAIN_COMMON_GROUND_H

#include "tools/corpus/corpus.h"
#include "tools/train/checkpoint.h"
#include "tools/train/ranks.h"

/* EXIT_INPUT unless all ranks have the same list of utterances; EXIT_USAGE if one of these is
   standard input, which only one of several ranks has. */
bool same_corpus(struct ranks *ranks, const struct corpus *corpus, struct failure *failure);

/* EXIT_INPUT unless all ranks have the same training and the same checkpoint. */
bool same_training(struct ranks *ranks, const char identity[65], const struct checkpoint *resumed,
                   struct failure *failure);

/* From now on, the loss of a rank is reported in one sentence. */
void prepare_for_loss(const struct ranks *ranks, const char *checkpoint);

#endif

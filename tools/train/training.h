/* SPDX-License-Identifier: MIT */
/* The run of `voq train`: from corpus to features to codebooks to a model file. */
#ifndef VOQ_TRAIN_TRAINING_H
#define VOQ_TRAIN_TRAINING_H

#include "tools/cli/messages.h"
#include "tools/train/ranks.h"
#include "tools/train/train_settings.h"

/* Returns the exit code, the same on all ranks; all messages have been printed. */
int training_run(const struct settings *settings, const char *const *operand, size_t n_operand,
                 struct ranks *ranks, struct messages *messages);

#endif

/* SPDX-License-Identifier: MIT */
/* The whole of `voq train`: corpus to features to codebooks to a model file. */
#ifndef VOQ_TRAIN_TRAINING_H
#define VOQ_TRAIN_TRAINING_H

#include "tools/cli/messages.h"
#include "tools/train/train_settings.h"

/* Returns the exit code; everything there is to say was said. */
int training_run(const struct settings *settings, const char *const *operand, size_t n_operand,
                 struct messages *messages);

#endif

/* SPDX-License-Identifier: MIT */
/* Whether labels are those of the corpus: what the training itself would not show. */
#ifndef VOQ_LEARN_LABEL_CHECKS_H
#define VOQ_LEARN_LABEL_CHECKS_H

#include "tools/learn/learn_data.h"

/* Warns of units of another length than their audio, of labels that label nothing, and of different
   speech with one name. After examples_prepare. */
bool label_checks(const struct learn_data *data, struct failure *failure);

#endif

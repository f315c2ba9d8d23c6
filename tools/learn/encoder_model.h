/* SPDX-License-Identifier: MIT */
/* From what was learned to a model: integers, codebook, the most likely label of each code. */
#ifndef VOQ_LEARN_ENCODER_MODEL_H
#define VOQ_LEARN_ENCODER_MODEL_H

#include "tools/learn/learn_data.h"

/* The scales of the integers come from some recordings of the data. */
bool encoder_model_make(struct learner *learner, const struct learn_data *data, const char *name,
                        const char *provenance, voq_model **model, struct failure *failure);

#endif

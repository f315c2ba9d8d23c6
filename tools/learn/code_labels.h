/* SPDX-License-Identifier: MIT */
/* The most likely label of each code of the first codebook, and how often it is the label: for
   people who look at units (section LABL of a model). */
#ifndef VOQ_LEARN_CODE_LABELS_H
#define VOQ_LEARN_CODE_LABELS_H

#include "tools/learn/plain_run.h"

struct code_labels {
    uint32_t n_code;
    char **text;        /* [n_code]; "": no frame with a label had this code */
    float *probability; /* [n_code] */
};

/* Counts the labels of the first head over all recordings. */
bool code_labels_find(struct code_labels *labels, struct learner *learner,
                      const struct examples *examples, struct failure *failure);
void code_labels_free(struct code_labels *labels); /* all zero is allowed */

#endif

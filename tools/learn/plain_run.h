/* SPDX-License-Identifier: MIT */
/* Whole recordings, unchanged and one at a time, through the network that is being learned: for the
   first codebook, the scores on other speech, the labels of codes. */
#ifndef VOQ_LEARN_PLAIN_RUN_H
#define VOQ_LEARN_PLAIN_RUN_H

#include "tools/eval/counts.h"
#include "tools/learn/example.h"
#include "tools/learn/learner.h"

struct plain_run {
    struct examples examples; /* without augmentation */
    struct example_scratch scratch;
    struct learner *learner;
    float *x;
    int32_t *label[LEARNER_HEADS];
    uint32_t *id;
    float *z_q;
    size_t x_capacity, label_capacity[LEARNER_HEADS], id_capacity, z_q_capacity;
};

/* `examples` must have been prepared; what it refers to must outlive the run. */
void plain_run_begin(struct plain_run *run, const struct examples *examples,
                     struct learner *learner);
void plain_run_end(struct plain_run *run); /* all zero is allowed */

struct plain_result {
    size_t n_frame, n_unit;
    const float *x;         /* [n_frame][in_dim] */
    const float *z;         /* [n_unit][dim] */
    const uint32_t *id;     /* [n_unit][n_codebook]; NULL: no codebook yet */
    int32_t *const *label;  /* [n_head][n_frame] */
    size_t stride;
};

/* The label of a unit by the first head; LABEL_NONE: none. */
int32_t plain_result_label(const struct plain_result *result, size_t unit);

/* The result lasts until the next call. */
bool plain_run_do(struct plain_run *run, size_t recording, struct plain_result *result,
                  struct failure *failure);

/* Counts the labels (rows) and the codes of the first codebook (columns) of all units that have
   both, and finishes the counts. */
bool count_codes(struct learner *learner, const struct examples *examples, struct counts *counts,
                 struct failure *failure);

#endif

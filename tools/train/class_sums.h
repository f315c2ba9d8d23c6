/* SPDX-License-Identifier: MIT */
/* Second moments of the stacked frames of a corpus by class, from two passes over it: one finds the
   largest magnitudes, the other adds up. */
#ifndef VOQ_TRAIN_CLASS_SUMS_H
#define VOQ_TRAIN_CLASS_SUMS_H

#include "tools/eval/alignment.h"
#include "tools/train/learning.h"
#include "tools/train/scatter.h"

struct class_sums {
    const struct learning *learning;
    const struct front_half *front;    /* before stacking */
    double warp;                       /* as in struct learning */
    uint32_t n_class;
    voq_model *labels;                 /* its units are the classes; or */
    const struct alignment *alignment; /* labels at the middle of a hop; both NULL: one class */
};

/* Makes *scatter, which is the caller's to free in any case. */
bool class_sums_gather(const struct class_sums *sums, struct scatter *scatter,
                       struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* What needs the whole signal: measured first, so that it becomes constants of a model that a
   stream accepts. */
#ifndef VOQ_WHOLE_H
#define VOQ_WHOLE_H

#include "src/model/model.h"

/* What is measured over all frames of a signal. */
struct measure {
    size_t dim;
    uint64_t n_frame;
    float largest; /* of all values */
    double *sum;   /* [dim] */
    float *mean;   /* [dim] */
};

/* False: no memory. Free it either way. */
bool voq_measure_new(struct measure *measure, size_t dim);
void voq_measure_free(struct measure *measure);

void voq_measure_add(struct measure *measure, const float *frame, size_t n);

/* Makes utterance-mean normalisation a global one with the measured mean, zeros without frames. The
   model points into the measure. */
void voq_measure_set_mean(struct measure *measure, voq_model *model);

#endif

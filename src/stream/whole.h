/* SPDX-License-Identifier: MIT */
/* Measures what needs the whole signal, so that it becomes constants of a model that a stream
   accepts. */
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

/* Returns false without memory. Free it in either case. */
bool voq_measure_new(struct measure *measure, size_t dim);
void voq_measure_free(struct measure *measure);

void voq_measure_add(struct measure *measure, const float *frame, size_t n);

/* Turns utterance-mean normalisation into a global one with the measured mean, or zeros without
   frames. The model points into the measure. */
void voq_measure_set_mean(struct measure *measure, voq_model *model);

#endif

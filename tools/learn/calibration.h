/* SPDX-License-Identifier: MIT */
/* The steps of conv outputs, which have 7 bits: clamp(rint(v / step), 0, 127) is an output. Of the
   candidates c * max / 127, c = .2, .22 ... 1, the step is the one whose squared error over the
   positive outputs of a float network is least. */
#ifndef VOQ_LEARN_CALIBRATION_H
#define VOQ_LEARN_CALIBRATION_H

#include "tools/learn/float_network.h"

enum { CALIBRATION_CANDIDATES = 41 };

/* Features of an utterance, as the encoder sees them. */
struct calibration_utterance {
    const float *x; /* [n][in_dim] */
    size_t n;
};

/* What one layer's outputs v show: the largest, and for each candidate the squared error. */
double calibration_largest(const float *v, size_t n);
void calibration_errors(const float *v, size_t n, double largest, double *error);
double calibration_step(double largest, const double *error); /* 0: there was no output above 0 */

/* Finds step[n_layer] of the conv layers; others are left alone. Runs the network twice over each
   utterance, on n_thread threads; the result does not depend on their number. EXIT_INPUT: no output
   of a layer is above 0, or an output is not finite. */
bool calibrate(const struct float_network *network,
               const struct calibration_utterance *utterance, size_t n_utterance, size_t n_thread,
               double *step, struct failure *failure);

#endif

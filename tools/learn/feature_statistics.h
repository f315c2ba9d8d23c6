/* SPDX-License-Identifier: MIT */
/* Mean and standard deviation of the frames of all recordings, unchanged: the prior of the running
   mean, and 1 / scale of VOQ_NORMALISE_RUNNING_SCALED. */
#ifndef VOQ_LEARN_FEATURE_STATISTICS_H
#define VOQ_LEARN_FEATURE_STATISTICS_H

#include "tools/learn/feature_chain.h"
#include "tools/learn/recordings.h"

/* Fills mean[dim] and deviation[dim]; the same for every number of threads. EXIT_INPUT: there are
   no frames. A dimension that never changes has the deviation 1. */
bool feature_statistics(const struct recordings *recordings, const struct feature_chain *chain,
                        size_t n_thread, float *mean, float *deviation, struct failure *failure);

#endif

/* SPDX-License-Identifier: MIT */
/* Arrays of parameters and gradients as a whole. */
#ifndef VOQ_LEARN_PARAMETERS_H
#define VOQ_LEARN_PARAMETERS_H

#include "tools/learn/workers.h"

double parameters_norm(struct workers *workers, const float *gradient, size_t n);

/* The share of a gradient that is left when its norm is clipped (Pascanu, Mikolov and Bengio 2013,
   "On the difficulty of training recurrent neural networks", section 3.2). */
double clipped_share(double norm, double most);

#endif

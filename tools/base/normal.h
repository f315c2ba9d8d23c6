/* SPDX-License-Identifier: MIT */
/* Normal random numbers, mean 0 and variance 1: algorithm N of Karney (2016), "Sampling exactly
   from the normal distribution". It only compares and multiplies uniform numbers, so that the same
   seed draws the same bits with every C library. */
#ifndef VOQ_TOOLS_NORMAL_H
#define VOQ_TOOLS_NORMAL_H

#include "tools/base/rng.h"

double rng_normal(struct rng *rng);

#endif

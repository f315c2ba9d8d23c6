/* SPDX-License-Identifier: MIT */
#ifndef VOQ_CEPSTRUM_H
#define VOQ_CEPSTRUM_H

#include "voq.h"

/* Fills matrix[n_cepstrum][n_mel]: the DCT-II with the lifter multiplied in, in double, rounded
   once. */
void voq_cepstrum_fill(const voq_frontend *frontend, float *matrix);

#endif

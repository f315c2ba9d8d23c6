/* SPDX-License-Identifier: MIT */
#ifndef VOQ_MEL_H
#define VOQ_MEL_H

#include "src/kernel/kernel.h"

#include "voq.h"

/* Number of weights of all filters together. */
size_t voq_mel_count_weights(const voq_frontend *frontend);

/* Fills first[n_mel], count[n_mel] and weight[voq_mel_count_weights]. A filter too narrow for any
   bin is empty: count 0. */
void voq_mel_fill(const voq_frontend *frontend, uint32_t *first, uint32_t *count, float *weight);

/* The upper edge in Hz: high_hz, or from the Nyquist frequency when that is not above 0. */
double voq_mel_high_hz(const voq_frontend *frontend);

#endif

/* SPDX-License-Identifier: MIT */
/* The nearest codeword by the runtime's own kernel and packed codebook, and how near the second
   comes: what a bound needs. */
#ifndef VOQ_TRAIN_TWO_NEAREST_H
#define VOQ_TRAIN_TWO_NEAREST_H

#include "voq.h"

#include <stdbool.h>
#include <stddef.h>

enum { TWO_NEAREST_FRAMES = 64 };

/* For x[n][dim], n at most TWO_NEAREST_FRAMES: id as voq_quantize gives it, and the score (src/
   quantize/README.md) of the best other codeword, infinite if there is none. centred[n][dim]
   receives x minus the codebook's mean, in float. False: a frame has no finite score. */
bool two_nearest(const voq_model *model, const float *x, size_t n, float *centred, uint32_t *id,
                 float *second);

/* The squared distance as the runtime reports it. */
float codeword_distance(const float *x, const float *codeword, size_t dim);

#endif

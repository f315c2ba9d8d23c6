/* SPDX-License-Identifier: MIT */
/* How large squared distances can become, from which their sums choose units (exact_sum.h). */
#ifndef VOQ_TOOLS_LARGEST_DISTANCE_H
#define VOQ_TOOLS_LARGEST_DISTANCE_H

#include <stddef.h>
#include <stdint.h>

/* An upper bound of the squared distances, as computed in float, between vectors with these largest
   magnitudes and codeword[n_code][dim]. At most FLT_MAX: a distance above it is infinite. */
double largest_distance(const float *largest, const float *codeword, size_t n_code, uint32_t dim);

#endif

/* SPDX-License-Identifier: MIT */
#include "tools/base/largest_distance.h"

#include <float.h>
#include <math.h>

double largest_distance(const float *largest, const float *codeword, size_t n_code, uint32_t dim)
{
    static const double rounding = 1.01; /* of at most 2048 terms in float */
    double sum = 0;
    for (uint32_t d = 0; d < dim; d++) {
        float most = 0;
        for (size_t k = 0; k < n_code; k++) most = fmaxf(most, fabsf(codeword[k * dim + d]));
        double apart = (double)largest[d] + (double)most;
        sum += apart * apart;
    }
    return sum * rounding < (double)FLT_MAX ? sum * rounding : (double)FLT_MAX;
}

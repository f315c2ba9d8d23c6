/* SPDX-License-Identifier: MIT */
#include "src/frontend/delta.h"

#include <string.h>

/* delta[dim] from the last dim values of rows, each `width` values apart. */
static inline void delta_of(const float *restrict here, size_t width, size_t dim, size_t reach,
                            float norm, float *restrict delta)
{
    for (size_t d = 0; d < dim; d++) {
        const float *after = here + d, *before = after;
        float sum = 0.0f;
        for (size_t k = 1; k <= reach; k++) {
            after += width;
            before -= width;
            sum += (float)k * (*after - *before);
        }
        delta[d] = sum / norm;
    }
}

void voq_delta_run(const float *frame, size_t n, size_t n_order, size_t dim, size_t reach,
                   float *out)
{
    size_t width = n_order * dim;
    float norm = 0.0f;
    for (size_t k = 1; k <= reach; k++) norm += (float)(2 * k * k);
    for (size_t t = 0; t < n; t++, frame += width, out += width + dim) {
        const float *here = frame + reach * width, *last = here + width - dim;
        memcpy(out, here, width * sizeof *out);
        if (reach == 2) /* the usual one, without a loop over it */
            delta_of(last, width, dim, 2, norm, out + width);
        else
            delta_of(last, width, dim, reach, norm, out + width);
    }
}

/* SPDX-License-Identifier: MIT */
#include "src/frontend/delta.h"

#include <string.h>

void voq_delta_run(const float *frame, size_t n, size_t n_order, size_t dim, size_t reach,
                   float *out)
{
    size_t width = n_order * dim;
    float norm = 0.0f;
    for (size_t k = 1; k <= reach; k++) norm += (float)(2 * k * k);
    for (size_t t = 0; t < n; t++, frame += width, out += width + dim) {
        const float *here = frame + reach * width, *last = here + width - dim;
        memcpy(out, here, width * sizeof *out);
        float *delta = out + width;
        memset(delta, 0, dim * sizeof *delta);
        for (size_t k = 1; k <= reach; k++) {
            const float *after = last + k * width, *before = last - k * width;
            for (size_t d = 0; d < dim; d++) delta[d] += (float)k * (after[d] - before[d]);
        }
        for (size_t d = 0; d < dim; d++) delta[d] /= norm;
    }
}

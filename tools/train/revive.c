/* SPDX-License-Identifier: MIT */
#include "tools/train/revive.h"

#include <math.h>
#include <stddef.h>

static uint32_t heaviest_code(const struct totals *totals)
{
    uint32_t heaviest = 0;
    for (uint32_t k = 1; k < totals->n_code; k++)
        if (totals->distortion[k] > totals->distortion[heaviest]) heaviest = k;
    return heaviest;
}

uint32_t revive_dead_codes(struct totals *totals, float *codeword)
{
    uint32_t n_revived = 0, dim = totals->dim;
    for (uint32_t dead = 0; dead < totals->n_code; dead++) {
        if (totals->count[dead] > 0) continue;
        uint32_t heavy = heaviest_code(totals);
        if (totals->count[heavy] < 2 || !(totals->distortion[heavy] > 0)) break;
        /* A tenth of the spread, with alternating sign over the dimensions, so that the halves are
           separated whatever the longest direction of the cell is. */
        double spread = sqrt(totals_distortion(totals, heavy) / (double)totals->count[heavy] / dim);
        float *from = codeword + (size_t)heavy * dim, *to = codeword + (size_t)dead * dim;
        for (uint32_t d = 0; d < dim; d++) {
            float step = (float)(d % 2 ? -0.1 * spread : 0.1 * spread), centre = from[d];
            to[d] = centre + step;
            from[d] = centre - step;
        }
        totals->distortion[heavy] /= 2;
        totals->distortion[dead] = totals->distortion[heavy];
        totals->count[dead] = totals->count[heavy] / 2;
        totals->count[heavy] -= totals->count[dead];
        n_revived++;
    }
    return n_revived;
}

/* SPDX-License-Identifier: MIT */
#include "tools/train/totals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool totals_new(struct totals *totals, uint32_t n_code, uint32_t dim)
{
    *totals = (struct totals){.n_code = n_code, .dim = dim};
    totals->count = calloc(n_code, sizeof *totals->count);
    totals->sum = calloc((size_t)n_code * dim, sizeof *totals->sum);
    totals->distortion = calloc(n_code, sizeof *totals->distortion);
    if (totals->count && totals->sum && totals->distortion) return true;
    totals_free(totals);
    return false;
}

void totals_free(struct totals *totals)
{
    free(totals->count);
    free(totals->sum);
    free(totals->distortion);
    *totals = (struct totals){0};
}

void totals_clear(struct totals *totals)
{
    memset(totals->count, 0, totals->n_code * sizeof *totals->count);
    memset(totals->sum, 0, (size_t)totals->n_code * totals->dim * sizeof *totals->sum);
    memset(totals->distortion, 0, totals->n_code * sizeof *totals->distortion);
    totals->n_frame = totals->n_searched = 0;
    totals->all = 0;
}

void totals_add_frame(struct totals *totals, const float *x, uint32_t id, float distance)
{
    double *sum = totals->sum + (size_t)id * totals->dim;
    for (uint32_t d = 0; d < totals->dim; d++) sum[d] += (double)x[d];
    totals->distortion[id] += (double)distance;
    totals->all += (double)distance;
    totals->count[id]++;
    totals->n_frame++;
}

void totals_add(struct totals *totals, const struct totals *block)
{
    for (uint32_t k = 0; k < totals->n_code; k++) {
        if (block->count[k] == 0) continue;
        double *sum = totals->sum + (size_t)k * totals->dim;
        const double *more = block->sum + (size_t)k * totals->dim;
        for (uint32_t d = 0; d < totals->dim; d++) sum[d] += more[d];
        totals->distortion[k] += block->distortion[k];
        totals->count[k] += block->count[k];
    }
    totals->all += block->all;
    totals->n_frame += block->n_frame;
    totals->n_searched += block->n_searched;
}

uint32_t totals_used(const struct totals *totals)
{
    uint32_t used = 0;
    for (uint32_t k = 0; k < totals->n_code; k++) used += totals->count[k] > 0;
    return used;
}

double totals_perplexity(const struct totals *totals)
{
    double entropy = 0;
    for (uint32_t k = 0; k < totals->n_code; k++) {
        if (totals->count[k] == 0) continue;
        double p = (double)totals->count[k] / (double)totals->n_frame;
        entropy -= p * log2(p);
    }
    return exp2(entropy);
}

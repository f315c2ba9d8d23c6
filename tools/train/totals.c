/* SPDX-License-Identifier: MIT */
#include "tools/train/totals.h"

#include "tools/base/exact_sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool totals_new(struct totals *totals, uint32_t n_code, uint32_t dim)
{
    *totals = (struct totals){.n_code = n_code, .dim = dim, .distance_scale = 1};
    totals->scale = calloc(dim, sizeof *totals->scale);
    totals->count = calloc(n_code, sizeof *totals->count);
    totals->sum = calloc((size_t)n_code * dim, sizeof *totals->sum);
    totals->distortion = calloc(n_code, sizeof *totals->distortion);
    if (totals->scale && totals->count && totals->sum && totals->distortion) return true;
    totals_free(totals);
    return false;
}

void totals_free(struct totals *totals)
{
    free(totals->scale);
    free(totals->count);
    free(totals->sum);
    free(totals->distortion);
    *totals = (struct totals){0};
}

void totals_begin(struct totals *totals, const float *largest, double distance, uint64_t n)
{
    int bits = exact_bits(n);
    for (uint32_t d = 0; d < totals->dim; d++)
        totals->scale[d] = exact_scale((double)largest[d], bits);
    totals->distance_scale = exact_scale(distance, bits);
    memset(totals->count, 0, totals->n_code * sizeof *totals->count);
    memset(totals->sum, 0, (size_t)totals->n_code * totals->dim * sizeof *totals->sum);
    memset(totals->distortion, 0, totals->n_code * sizeof *totals->distortion);
    totals->n_frame = totals->n_searched = 0;
}

void totals_add_frame(struct totals *totals, const float *x, uint32_t id, float distance)
{
    exact_add_floats(totals->sum + (size_t)id * totals->dim, x, totals->scale, totals->dim);
    totals->distortion[id] += exact_round((double)distance, totals->distance_scale);
    totals->count[id]++;
    totals->n_frame++;
}

void totals_add(struct totals *totals, const struct totals *part)
{
    for (uint32_t k = 0; k < totals->n_code; k++) totals->count[k] += part->count[k];
    exact_add(totals->sum, part->sum, (size_t)totals->n_code * totals->dim);
    exact_add(totals->distortion, part->distortion, totals->n_code);
    totals->n_frame += part->n_frame;
    totals->n_searched += part->n_searched;
}

bool totals_unite(struct totals *totals, struct ranks *ranks, struct failure *failure)
{
    size_t n = totals->n_code;
    int64_t n_frame = (int64_t)totals->n_frame;
    bool good = ranks_sum(ranks, &n_frame, 1, failure) &&
                ranks_sum(ranks, (int64_t *)totals->count, n, failure) &&
                ranks_sum(ranks, totals->sum, n * totals->dim, failure) &&
                ranks_sum(ranks, totals->distortion, n, failure);
    totals->n_frame = (uint64_t)n_frame;
    return good;
}

double totals_sum(const struct totals *totals, uint32_t code, uint32_t d)
{
    return exact_value(totals->sum[(size_t)code * totals->dim + d], totals->scale[d]);
}

double totals_distortion(const struct totals *totals, uint32_t code)
{
    return exact_value(totals->distortion[code], totals->distance_scale);
}

double totals_mean_distance(const struct totals *totals)
{
    int64_t sum = 0;
    for (uint32_t k = 0; k < totals->n_code; k++) sum += totals->distortion[k];
    return exact_value(sum, totals->distance_scale) / (double)totals->n_frame;
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

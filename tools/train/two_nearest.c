/* SPDX-License-Identifier: MIT */
#include "tools/train/two_nearest.h"

#include "src/model/model.h"
#include "tools/train/wide.h"

#include <math.h>

enum { STRIP = 16 };

/* The scores of one group of codewords, a strip at a time so that sums stay in registers. */
WIDE static void group_scores(const float *packed, const float *half_norm, size_t dim,
                              const float *x, float score[CODE_GROUP])
{
    for (size_t k = 0; k < CODE_GROUP; k += STRIP) {
        float sum[STRIP];
        const float *c = packed + k;
        for (int i = 0; i < STRIP; i++) sum[i] = half_norm[k + (size_t)i];
        for (size_t d = 0; d < dim; d++, c += CODE_GROUP)
            for (int i = 0; i < STRIP; i++) sum[i] -= x[d] * c[i];
        for (int i = 0; i < STRIP; i++) score[k + (size_t)i] = sum[i];
    }
}

static float second_in_group(const struct codebook *codebook, size_t dim, const float *x,
                             uint32_t id)
{
    float score[CODE_GROUP], second = INFINITY;
    size_t group = id / CODE_GROUP;
    group_scores(codebook->packed + group * dim * CODE_GROUP,
                 codebook->half_norm + group * CODE_GROUP, dim, x, score);
    for (uint32_t k = 0; k < CODE_GROUP; k++)
        if (k != id % CODE_GROUP && score[k] < second) second = score[k];
    return second;
}

bool two_nearest(const voq_model *model, const float *x, size_t n, float *centred, uint32_t *id,
                 float *second)
{
    const struct quantizer *quantizer = &model->quantizer;
    const struct codebook *codebook = quantizer->codebook;
    size_t dim = quantizer->dim;
    float best[TWO_NEAREST_FRAMES], score[TWO_NEAREST_FRAMES];
    uint32_t group_id[TWO_NEAREST_FRAMES];
    for (size_t i = 0; i < n; i++) {
        for (size_t d = 0; d < dim; d++) centred[i * dim + d] = x[i * dim + d] - codebook->mean[d];
        best[i] = second[i] = INFINITY;
        id[i] = 0;
    }
    /* Group by group, in order: among equals the lowest id stays. */
    for (size_t g = 0; g < quantizer->n_group; g++) {
        model->kernel->nearest(codebook->packed + g * dim * CODE_GROUP,
                               codebook->half_norm + g * CODE_GROUP, 1, dim, centred, n, group_id,
                               score);
        for (size_t i = 0; i < n; i++) {
            if (score[i] < best[i]) {
                second[i] = best[i];
                best[i] = score[i];
                id[i] = (uint32_t)(g * CODE_GROUP) + group_id[i];
            } else if (score[i] < second[i]) {
                second[i] = score[i];
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(best[i])) return false;
        float other = second_in_group(codebook, dim, centred + i * dim, id[i]);
        if (other < second[i]) second[i] = other;
    }
    return true;
}

float codeword_distance(const float *x, const float *codeword, size_t dim)
{
    float sum = 0;
    for (size_t d = 0; d < dim; d++) {
        float difference = x[d] - codeword[d];
        sum += difference * difference;
    }
    return sum;
}

/* SPDX-License-Identifier: MIT */
#include "tools/train/group_search.h"

#include "src/model/model.h"
#include "tools/train/wide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STRIP = 16 };

bool group_search_new(struct group_search *search, uint32_t n_group, uint32_t dim)
{
    size_t n = SEARCH_FRAMES;
    *search = (struct group_search){.dim = dim, .n_group = n_group};
    search->x = malloc(n * dim * sizeof(float));
    search->centred = malloc(n * dim * sizeof(float));
    search->gathered = malloc(n * dim * sizeof(float));
    search->limit = malloc(n * sizeof(float));
    search->lower = malloc(n * sizeof(float *));
    search->best = malloc(n * n_group * sizeof(float));
    search->id = malloc(n * sizeof(uint32_t));
    search->place = malloc(n * sizeof(size_t));
    return search->x && search->centred && search->gathered && search->limit && search->lower &&
           search->best && search->id && search->place;
}

void group_search_free(struct group_search *search)
{
    free(search->x);
    free(search->centred);
    free(search->gathered);
    free(search->limit);
    free(search->lower);
    free(search->best);
    free(search->id);
    free(search->place);
    *search = (struct group_search){0};
}

void group_search_add(struct group_search *search, const float *x, uint32_t id, float limit,
                      float *lower, size_t place)
{
    size_t i = search->n++;
    memcpy(search->x + i * search->dim, x, search->dim * sizeof *x);
    search->id[i] = id;
    search->limit[i] = limit;
    search->lower[i] = lower;
    search->place[i] = place;
}

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

/* The best score in the group of code `id` but that code's own. */
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

/* The frames of the batch for which group g is searched: too near, or their own. */
static size_t gather(struct group_search *search, uint32_t g, size_t *frame)
{
    size_t n = 0;
    for (size_t i = 0; i < search->n; i++) {
        if (search->lower[i][g] > search->limit[i] && search->id[i] / CODE_GROUP != g) continue;
        memcpy(search->gathered + n * search->dim, search->centred + i * search->dim,
               search->dim * sizeof *search->gathered);
        frame[n++] = i;
    }
    return n;
}

bool group_search_run(struct group_search *search, const struct bounds *bounds,
                      const voq_model *model, uint64_t *n_searched)
{
    const struct codebook *codebook = model->quantizer.codebook;
    size_t dim = search->dim, frame[SEARCH_FRAMES];
    float score[SEARCH_FRAMES], winner[SEARCH_FRAMES];
    uint32_t lane[SEARCH_FRAMES], id[SEARCH_FRAMES];
    for (size_t i = 0; i < search->n; i++) {
        for (size_t d = 0; d < dim; d++)
            search->centred[i * dim + d] = search->x[i * dim + d] - codebook->mean[d];
        winner[i] = INFINITY;
        id[i] = 0;
    }
    /* In order of the groups: among equals the lowest id stays. */
    for (uint32_t g = 0; g < search->n_group; g++) {
        float *best = search->best + (size_t)g * SEARCH_FRAMES;
        for (size_t i = 0; i < search->n; i++) best[i] = NAN; /* not searched */
        size_t n = gather(search, g, frame);
        model->kernel->nearest(codebook->packed + g * dim * CODE_GROUP,
                               codebook->half_norm + (size_t)g * CODE_GROUP, 1, dim,
                               search->gathered, n, lane, score);
        for (size_t j = 0; j < n; j++) {
            size_t i = frame[j];
            best[i] = score[j];
            if (!(score[j] < winner[i])) continue;
            winner[i] = score[j];
            id[i] = g * CODE_GROUP + lane[j];
        }
        *n_searched += n;
    }
    for (size_t i = 0; i < search->n; i++) {
        const float *centred = search->centred + i * dim;
        if (!isfinite(winner[i])) return false;
        search->id[i] = id[i];
        search->best[id[i] / CODE_GROUP * SEARCH_FRAMES + i] =
            second_in_group(codebook, dim, centred, id[i]);
        bounds_set(bounds, centred, search->best + i, SEARCH_FRAMES, search->lower[i]);
    }
    search->n = 0;
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

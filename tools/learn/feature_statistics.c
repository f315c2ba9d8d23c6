/* SPDX-License-Identifier: MIT */
#include "tools/learn/feature_statistics.h"

#include "tools/base/growing.h"
#include "tools/base/ordered.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Those of one thread, for one recording. */
struct scratch_sums {
    float *x, *frame;
    double *sum, *square; /* [dim] */
    size_t x_capacity, frame_capacity;
};

struct summing {
    const struct recordings *recordings;
    const struct feature_chain *chain;
    struct scratch_sums *scratch; /* [n_thread] */
    double *sum, *square;         /* [dim], in the order of the recordings */
    uint64_t n_frame;
};

static void sum_frames(struct scratch_sums *scratch, size_t n, uint32_t dim)
{
    memset(scratch->sum, 0, dim * sizeof(double));
    memset(scratch->square, 0, dim * sizeof(double));
    for (size_t i = 0; i < n; i++)
        for (uint32_t d = 0; d < dim; d++) {
            double x = (double)scratch->frame[i * dim + d];
            scratch->sum[d] += x;
            scratch->square[d] += x * x;
        }
}

static bool add_recording(struct ordered *ordered, void *context, size_t worker, uint64_t item,
                          struct failure *failure)
{
    struct summing *summing = context;
    struct scratch_sums *scratch = &summing->scratch[worker];
    uint32_t dim = summing->chain->dim;
    size_t n = summing->recordings->recording[item].n;
    size_t n_frame = feature_chain_count(summing->chain, n);
    struct failure why;
    if (!grow(&scratch->x, &scratch->x_capacity, n * summing->recordings->dim, sizeof(float),
              failure) ||
        !grow(&scratch->frame, &scratch->frame_capacity, n_frame * dim, sizeof(float), failure) ||
        !recording_get(summing->recordings, (size_t)item, scratch->x, failure))
        return false;
    if (!feature_chain_frames(summing->chain, scratch->x, n, scratch->frame, &why))
        return fail(failure, why.code, "%s: %s",
                    utterance_label(recording_utterance(summing->recordings, (size_t)item)),
                    why.text);
    sum_frames(scratch, n_frame, dim);
    if (!ordered_turn(ordered, item)) return false;
    for (uint32_t d = 0; d < dim; d++) {
        summing->sum[d] += scratch->sum[d];
        summing->square[d] += scratch->square[d];
    }
    summing->n_frame += n_frame;
    return true;
}

static bool make_scratch(struct summing *summing, size_t n_thread, struct failure *failure)
{
    uint32_t dim = summing->chain->dim;
    summing->sum = zeroed(dim, sizeof(double), failure);
    summing->square = zeroed(dim, sizeof(double), failure);
    summing->scratch = zeroed(n_thread, sizeof *summing->scratch, failure);
    if (!summing->sum || !summing->square || !summing->scratch) return false;
    for (size_t i = 0; i < n_thread; i++) {
        summing->scratch[i].sum = zeroed(dim, sizeof(double), failure);
        summing->scratch[i].square = zeroed(dim, sizeof(double), failure);
        if (!summing->scratch[i].sum || !summing->scratch[i].square) return false;
    }
    return true;
}

static void free_scratch(struct summing *summing, size_t n_thread)
{
    for (size_t i = 0; summing->scratch && i < n_thread; i++) {
        free(summing->scratch[i].x);
        free(summing->scratch[i].frame);
        free(summing->scratch[i].sum);
        free(summing->scratch[i].square);
    }
    free(summing->scratch);
    free(summing->sum);
    free(summing->square);
}

bool feature_statistics(const struct recordings *recordings, const struct feature_chain *chain,
                        size_t n_thread, float *mean, float *deviation, struct failure *failure)
{
    struct summing summing = {.recordings = recordings, .chain = chain};
    bool good = make_scratch(&summing, n_thread, failure) &&
                ordered_run(n_thread, recordings->n, add_recording, &summing, failure);
    if (good && summing.n_frame == 0)
        good = fail(failure, EXIT_INPUT, "the corpus has no frames to learn from");
    for (uint32_t d = 0; good && d < chain->dim; d++) {
        double n = (double)summing.n_frame, middle = summing.sum[d] / n;
        double variance = summing.square[d] / n - middle * middle;
        mean[d] = (float)middle;
        deviation[d] = variance >= (double)FLT_MIN ? (float)sqrt(variance) : 1; /* 1: constant */
    }
    free_scratch(&summing, n_thread);
    return good;
}

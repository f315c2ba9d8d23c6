/* SPDX-License-Identifier: MIT */
#include "tools/learn/feature_statistics.h"

#include "tools/base/exact_moments.h"
#include "tools/base/growing.h"
#include "tools/base/parallel.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Those of one thread, for one recording. */
struct scratch {
    float *x, *frame;
    size_t x_capacity, frame_capacity;
};

struct pass_over_recordings {
    const struct recordings *recordings;
    const struct feature_chain *chain;
    struct exact_moments moments;
    struct scratch *scratch; /* [n_thread] */
};

static bool take_recording(void *context, size_t worker, size_t i, struct failure *failure)
{
    struct pass_over_recordings *over = context;
    const struct recordings *recordings = over->recordings;
    struct scratch *scratch = &over->scratch[worker];
    size_t n = recordings->recording[i].n, n_frame = feature_chain_count(over->chain, n);
    struct failure why;
    if (!grow(&scratch->x, &scratch->x_capacity, n * recordings->dim, sizeof(float), failure) ||
        !grow(&scratch->frame, &scratch->frame_capacity, n_frame * over->chain->dim, sizeof(float),
              failure) ||
        !recording_get(recordings, i, scratch->x, failure))
        return false;
    if (!feature_chain_frames(over->chain, scratch->x, n, scratch->frame, &why))
        return fail(failure, why.code, "%s: %s",
                    utterance_label(recording_utterance(recordings, i)), why.text);
    exact_moments_take(&over->moments, worker, scratch->frame, n_frame);
    return true;
}

static bool take_moments(struct pass_over_recordings *over, size_t n_thread,
                         struct failure *failure)
{
    for (int pass = 0; pass < EXACT_MOMENTS_PASSES; pass++) {
        if (!parallel_for(over->recordings->n, n_thread, take_recording, over, failure))
            return false;
        exact_moments_join(&over->moments);
        exact_moments_next(&over->moments);
    }
    return true;
}

static uint64_t count_frames(const struct recordings *recordings, const struct feature_chain *chain)
{
    uint64_t n = 0;
    for (size_t i = 0; i < recordings->n; i++)
        n += feature_chain_count(chain, recordings->recording[i].n);
    return n;
}

bool feature_statistics(const struct recordings *recordings, const struct feature_chain *chain,
                        size_t n_thread, float *mean, float *deviation, struct failure *failure)
{
    struct pass_over_recordings over = {.recordings = recordings, .chain = chain};
    uint64_t n_frame = count_frames(recordings, chain);
    if (n_frame == 0) return fail(failure, EXIT_INPUT, "the corpus has no frames to learn from");
    double *middle = zeroed(chain->dim, sizeof *middle, failure);
    double *variance = zeroed(chain->dim, sizeof *variance, failure);
    over.scratch = zeroed(n_thread, sizeof *over.scratch, failure);
    bool good = middle && variance && over.scratch &&
                exact_moments_new(&over.moments, chain->dim, n_frame, n_thread, middle, variance,
                                  failure) &&
                take_moments(&over, n_thread, failure);
    for (uint32_t d = 0; good && d < chain->dim; d++) {
        mean[d] = (float)middle[d];
        /* 1: constant */
        deviation[d] = variance[d] >= (double)FLT_MIN ? (float)sqrt(variance[d]) : 1;
    }
    for (size_t i = 0; over.scratch && i < n_thread; i++) {
        free(over.scratch[i].x);
        free(over.scratch[i].frame);
    }
    free(over.scratch);
    free(middle);
    free(variance);
    exact_moments_free(&over.moments);
    return good;
}

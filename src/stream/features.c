/* SPDX-License-Identifier: MIT */
#include "src/stream/runner.h"

#include <stdlib.h>

struct voq_features {
    struct runner runner;
};

/* NULL stays NULL, which the runner refuses. */
static struct runner *runner_of(voq_features *features)
{
    return features ? &features->runner : NULL;
}

voq_status voq_features_size(const voq_model *model, const voq_options *options, size_t *size)
{
    return voq_runner_size(model, options, RUNNER_FEATURES, size);
}

voq_status voq_features_init(void *memory, size_t size, const voq_model *model,
                             const voq_options *options, voq_features **features)
{
    if (!features) return VOQ_ERROR_ARGUMENT;
    struct runner *runner;
    voq_status status = voq_runner_init(memory, size, model, options, RUNNER_FEATURES, &runner);
    if (status == VOQ_OK) *features = (voq_features *)runner;
    return status;
}

voq_status voq_features_new(const voq_model *model, const voq_options *options,
                            voq_features **features)
{
    if (!features) return VOQ_ERROR_ARGUMENT;
    struct runner *runner;
    voq_status status = voq_runner_new(model, options, RUNNER_FEATURES, &runner);
    if (status == VOQ_OK) *features = (voq_features *)runner;
    return status;
}

void voq_features_free(voq_features *features)
{
    if (features) free(features->runner.allocation);
}

voq_status voq_features_push(voq_features *features, const float *x, size_t n, float *feature,
                             size_t capacity, size_t *n_frame)
{
    return voq_runner_push(runner_of(features), (struct samples){x, NULL, n},
                           &(struct output){NULL, NULL, feature, capacity, n_frame});
}

voq_status voq_features_push_i16(voq_features *features, const int16_t *x, size_t n, float *feature,
                                 size_t capacity, size_t *n_frame)
{
    return voq_runner_push(runner_of(features), (struct samples){NULL, x, n},
                           &(struct output){NULL, NULL, feature, capacity, n_frame});
}

voq_status voq_features_finish(voq_features *features, float *feature, size_t capacity,
                               size_t *n_frame)
{
    return voq_runner_finish(runner_of(features),
                             &(struct output){NULL, NULL, feature, capacity, n_frame});
}

voq_status voq_features_gap(voq_features *features, uint64_t n_lost, float *feature,
                            size_t capacity, size_t *n_frame)
{
    return voq_runner_gap(runner_of(features), n_lost,
                          &(struct output){NULL, NULL, feature, capacity, n_frame});
}

void voq_features_reset(voq_features *features)
{
    if (features) voq_chain_reset(&features->runner.chain);
}

size_t voq_features_max_frames(const voq_features *features, size_t n)
{
    return features ? voq_runner_count(&features->runner, n) : 0;
}

size_t voq_features_finish_frames(const voq_features *features)
{
    return features ? voq_runner_count_at_end(&features->runner) : 0;
}

uint64_t voq_features_position(const voq_features *features)
{
    return features ? voq_chain_position(&features->runner.chain) : 0;
}

uint64_t voq_features_bad_samples(const voq_features *features)
{
    return features ? features->runner.chain.framing.n_bad : 0;
}

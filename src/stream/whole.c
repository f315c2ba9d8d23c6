/* SPDX-License-Identifier: MIT */
/* A whole signal in one call.

   A model that a stream accepts runs through a stream of its own. For any other the signal passes
   up to three times:

   1. top_db: the largest log mel value becomes a floor under all of them;
   2. utterance mean: the mean of the frames before normalisation becomes a global one;
   3. the model with these constants runs as a stream.

   The constants live in a copy of the model's struct, which shares its tables. */
#include "src/stream/whole.h"

#include "src/base/error.h"
#include "src/base/sizes.h"
#include "src/frontend/framing.h"
#include "src/frontend/profiles.h"
#include "src/kernel/float_env.h"
#include "src/stream/stream.h"

#include <float.h>
#include <stdlib.h>

enum { DEFAULT_BLOCK = 64 };

bool voq_measure_new(struct measure *measure, size_t dim)
{
    *measure = (struct measure){.dim = dim,
                                .largest = -FLT_MAX,
                                .sum = calloc(dim, sizeof *measure->sum),
                                .mean = calloc(dim, sizeof *measure->mean)};
    return measure->sum && measure->mean;
}

void voq_measure_free(struct measure *measure)
{
    free(measure->sum);
    free(measure->mean);
}

void voq_measure_add(struct measure *measure, const float *frame, size_t n)
{
    for (size_t i = 0; i < n; i++, frame += measure->dim)
        for (size_t d = 0; d < measure->dim; d++) {
            measure->sum[d] += (double)frame[d];
            if (frame[d] > measure->largest) measure->largest = frame[d];
        }
    measure->n_frame += n;
}

void voq_measure_set_mean(struct measure *measure, voq_model *model)
{
    for (size_t d = 0; measure->n_frame && d < measure->dim; d++)
        measure->mean[d] = (float)(measure->sum[d] / (double)measure->n_frame);
    voq_normalise *normalise = &model->parsed.normalise;
    normalise->kind = VOQ_NORMALISE_GLOBAL;
    normalise->mean = measure->mean;
    normalise->variance = NULL;
}

/* A buffer of samples, and how its streams are made. */
struct signal {
    const float *x;
    size_t n;
    voq_options options;
};

/* Adds the features of the signal under this model to the measure. */
static voq_status measure_signal(const struct signal *signal, const voq_model *model,
                                 struct measure *measure)
{
    voq_stream *stream;
    voq_status status = voq_stream_new(model, &signal->options, &stream);
    if (status != VOQ_OK) return status;
    struct chain *chain = &stream->chain;
    struct samples in = {signal->x, NULL, signal->n};
    size_t n;
    while ((n = voq_chain_next(chain, &in)) > 0)
        voq_measure_add(measure, voq_chain_features(chain), n);
    voq_chain_end(chain);
    while ((n = voq_chain_next(chain, &in)) > 0)
        voq_measure_add(measure, voq_chain_features(chain), n);
    if (chain->failed) status = VOQ_ERROR_VALUE;
    voq_stream_free(stream);
    return status;
}

static voq_status run_signal(const struct signal *signal, const voq_model *model,
                             const struct rows *rows)
{
    voq_stream *stream;
    voq_status status = voq_stream_new(model, &signal->options, &stream);
    if (status != VOQ_OK) return status;
    struct samples in = {signal->x, NULL, signal->n};
    size_t n_frame = 0;
    status = voq_stream_run(stream, &in, rows, &n_frame);
    if (status == VOQ_OK) {
        voq_chain_end(&stream->chain);
        status = voq_stream_run(stream, &in, rows, &n_frame);
    }
    voq_stream_free(stream);
    return status;
}

/* A model's front end alone; its features are the frames before normalisation. */
static voq_model frontend_of(const voq_model *model)
{
    voq_model frontend = *model;
    frontend.has_normalise = frontend.has_transform = false;
    frontend.has_encoder = frontend.has_codebook = false;
    frontend.parsed.transform = (voq_transform){0};
    frontend.parsed.encoder = (voq_encoder){0};
    frontend.parsed.dim = frontend.parsed.frontend_dim;
    return frontend;
}

/* A model's log mel values alone, to which top_db refers. */
static voq_model log_mel_of(const voq_model *model)
{
    voq_model log_mel = frontend_of(model);
    voq_frontend *options = &log_mel.parsed.frontend;
    options->feature = VOQ_FEATURE_LOG_MEL;
    options->energy = VOQ_ENERGY_NONE;
    options->n_delta = 0;
    options->top_db = 0;
    log_mel.frontend.options = *options;
    log_mel.frontend.dim = options->n_mel;
    log_mel.parsed.frontend_dim = log_mel.parsed.dim = options->n_mel;
    return log_mel;
}

/* Turns top_db into a floor under the log mel values. */
static voq_status settle_floor(const struct signal *signal, voq_model *model)
{
    voq_frontend *options = &model->parsed.frontend;
    voq_model log_mel = log_mel_of(model);
    struct measure measure;
    voq_status status = voq_measure_new(&measure, options->n_mel)
                            ? measure_signal(signal, &log_mel, &measure)
                            : VOQ_ERROR_MEMORY;
    float floor = measure.largest - options->top_db;
    if (floor > options->log_floor) options->log_floor = floor;
    options->top_db = 0;
    model->frontend.options = *options;
    voq_measure_free(&measure);
    return status;
}

/* Turns utterance-mean normalisation into a global one; the caller frees the measure. */
static voq_status settle_mean(const struct signal *signal, voq_model *model,
                              struct measure *measure)
{
    voq_model frontend = frontend_of(model);
    if (!voq_measure_new(measure, frontend.parsed.dim)) return VOQ_ERROR_MEMORY;
    voq_status status = measure_signal(signal, &frontend, measure);
    voq_measure_set_mean(measure, model);
    return status;
}

static voq_status settle_and_run(const struct signal *signal, const voq_model *model,
                                 const struct rows *rows)
{
    voq_model settled = *model;
    struct measure measure = {0};
    voq_status status = VOQ_OK;
    if (voq_frontend_needs_whole_signal(&model->parsed.frontend))
        status = settle_floor(signal, &settled);
    if (status == VOQ_OK && voq_model_needs_whole_signal(&settled))
        status = settle_mean(signal, &settled, &measure);
    if (status == VOQ_OK) status = run_signal(signal, &settled, rows);
    voq_measure_free(&measure);
    return status;
}

static voq_status explain(voq_status status, voq_error *error)
{
    if (status == VOQ_ERROR_MEMORY)
        return voq_refuse(error, status, VOQ_NO_OFFSET, "no memory for the stream");
    if (status == VOQ_ERROR_VALUE)
        return voq_refuse(error, status, VOQ_NO_OFFSET,
                          "a feature overflows; scale the samples to within +-1");
    return status;
}

voq_status voq_encode(const voq_model *model, const voq_options *options, const float *x, size_t n,
                      const voq_output *output, size_t *n_frame, voq_error *error)
{
    struct signal signal = {x, n, {.struct_size = sizeof signal.options}};
    struct rows rows;
    voq_cpu cpu;
    if (!model || !n_frame || (n && !x))
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    if (!model->has_audio)
        return voq_refuse(error, VOQ_ERROR_UNSUPPORTED, VOQ_NO_OFFSET,
                          "the model takes vectors, not audio; use voq_quantize");
    voq_status status = voq_read_options(options, &cpu, &signal.options.block, error);
    if (status == VOQ_OK) status = voq_rows_take(&rows, model, output, error);
    if (status != VOQ_OK) return status;
    size_t n_due = voq_encode_frames(model, n);
    status = can_exist(n, sizeof *x) ? voq_rows_check(&rows, n_due) : VOQ_ERROR_ARGUMENT;
    if (status == VOQ_ERROR_ARGUMENT)
        return voq_refuse(error, status, VOQ_NO_OFFSET, "%zu samples are more than memory can hold",
                          n);
    if (status == VOQ_OK && rows.are_asked) {
        if (signal.options.block == 0) signal.options.block = DEFAULT_BLOCK;
        uint64_t environment = float_env_enter();
        status = explain(settle_and_run(&signal, model, &rows), error);
        float_env_leave(environment);
    }
    if (status == VOQ_OK || status == VOQ_ERROR_CAPACITY) *n_frame = n_due;
    if (status == VOQ_ERROR_CAPACITY)
        return voq_refuse(error, status, VOQ_NO_OFFSET, "output.capacity is %zu; %zu are needed",
                          rows.to.capacity, n_due);
    return status;
}

size_t voq_encode_frames(const voq_model *model, size_t n)
{
    if (!model || !model->has_audio) return 0;
    struct grid grid = voq_feature_grid(model);
    return saturated(voq_grid_frames_in_all(&grid, n));
}

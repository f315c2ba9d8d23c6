/* SPDX-License-Identifier: MIT */
#include "tools/command/whole_signal.h"

#include "tools/command/row_stream.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 64

/* Measured over all frames: the largest value, and the sum of each dimension. */
struct measure {
    float largest;
    double *sum; /* [dim] */
    size_t dim;
    uint64_t n_frame;
};

static void measure_frames(struct measure *measure, const float *frame, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < measure->dim; d++) {
            float value = frame[i * measure->dim + d];
            measure->sum[d] += (double)value;
            if (value > measure->largest) measure->largest = value;
        }
    measure->n_frame += n;
}

static const char *label_of(const struct audio_request *request)
{
    if (request->label) return request->label;
    return strcmp(request->path, "-") == 0 ? "stdin" : request->path;
}

static bool fail_status(const struct audio_request *request, voq_status status, const char *text,
                        struct failure *failure)
{
    if (status == VOQ_ERROR_VALUE)
        return fail(failure, EXIT_INPUT, "%s: a feature overflowed", label_of(request));
    enum exit_code code = status == VOQ_ERROR_MEMORY ? EXIT_INTERNAL : EXIT_USAGE;
    return fail(failure, code, "%s", text && text[0] ? text : voq_status_string(status));
}

static bool measure_audio(struct measure *measure, struct row_stream *stream,
                          struct audio *audio, size_t n_sample,
                          const struct audio_request *request, struct failure *failure)
{
    float *x = malloc(n_sample * sizeof *x);
    bool good = x != NULL;
    bool is_end = false;
    size_t n_read;
    voq_status status = good ? VOQ_OK : VOQ_ERROR_MEMORY;
    while (good && status == VOQ_OK && !is_end) {
        size_t n = 0;
        good = audio_read(audio, x, n_sample, &n_read, failure);
        if (!good) break;
        uint64_t n_lost = n_read == 0 ? audio_gap(audio) : 0;
        status = n_read > 0   ? row_stream_push(stream, x, n_read, &n)
                 : n_lost > 0 ? row_stream_gap(stream, n_lost, &n)
                              : row_stream_finish(stream, &n);
        is_end = n_read == 0 && n_lost == 0;
        if (status == VOQ_OK) measure_frames(measure, stream->output.feature, n);
    }
    free(x);
    return good && (status == VOQ_OK || fail_status(request, status, NULL, failure));
}

/* Measures the frames of a front end alone. The caller frees measure->sum. */
static bool measure_frontend(const voq_frontend *frontend, const struct audio_request *request,
                             struct measure *measure, struct failure *failure)
{
    const voq_parts parts = {.struct_size = sizeof parts, .frontend = frontend, .name = "scan"};
    voq_error error = {.struct_size = sizeof error};
    voq_model *model = NULL;
    struct audio *audio = NULL;
    struct row_stream stream = {0};
    bool good = false;
    voq_status status = voq_model_make(&parts, NULL, &model, &error);
    if (status == VOQ_OK) status = row_stream_new(&stream, model, ROW_FEATURES, BLOCK);
    *measure = (struct measure){.largest = -FLT_MAX, .dim = stream.info.dim};
    if (status == VOQ_OK && !(measure->sum = calloc(measure->dim, sizeof *measure->sum)))
        status = VOQ_ERROR_MEMORY;
    if (status != VOQ_OK)
        fail_status(request, status, error.text, failure);
    else if (audio_open(&audio, request, failure))
        good = measure_audio(measure, &stream, audio, (size_t)BLOCK * frontend->hop_samples,
                             request, failure);
    audio_close(audio);
    row_stream_free(&stream);
    voq_model_close(model);
    return good;
}

/* top_db is a floor under the log mel values, so it is measured on those. */
static bool find_floor(voq_frontend *frontend, const struct audio_request *request,
                       struct failure *failure)
{
    voq_frontend log_mel = *frontend;
    log_mel.feature = VOQ_FEATURE_LOG_MEL;
    log_mel.energy = VOQ_ENERGY_NONE;
    log_mel.n_delta = 0;
    log_mel.top_db = 0;
    struct measure measure;
    bool good = measure_frontend(&log_mel, request, &measure, failure);
    if (good && measure.n_frame > 0) {
        float floor = measure.largest - frontend->top_db;
        if (floor > frontend->log_floor) frontend->log_floor = floor;
    }
    frontend->top_db = 0;
    free(measure.sum);
    return good;
}

static bool find_mean(const voq_frontend *frontend, const struct audio_request *request,
                      float **mean, struct failure *failure)
{
    struct measure measure;
    bool good = measure_frontend(frontend, request, &measure, failure);
    *mean = good ? calloc(measure.dim, sizeof **mean) : NULL;
    if (good && !*mean) good = fail_memory(failure);
    for (size_t d = 0; good && measure.n_frame > 0 && d < measure.dim; d++)
        (*mean)[d] = (float)(measure.sum[d] / (double)measure.n_frame);
    free(measure.sum);
    return good;
}

static bool has_utterance_mean(const voq_parts *parts)
{
    return parts->normalise && parts->normalise->kind == VOQ_NORMALISE_UTTERANCE_MEAN;
}

static bool can_read_twice(const struct audio_request *request, struct failure *failure)
{
    if (!request->is_command && strcmp(request->path, "-") != 0) return true;
    return fail(failure, EXIT_INPUT,
                "%s: this model needs the whole signal before the first frame, which a pipe cannot "
                "provide; give a file",
                label_of(request));
}

bool whole_signal_model(const voq_model *model, const struct audio_request *request,
                        voq_model **own, struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts};
    voq_error error = {.struct_size = sizeof error};
    if (!can_read_twice(request, failure)) return false;
    voq_status status = voq_model_parts(model, &parts);
    if (status != VOQ_OK) return fail_status(request, status, NULL, failure);

    voq_frontend frontend = *parts.frontend;
    voq_normalise normalise = parts.normalise ? *parts.normalise : (voq_normalise){0};
    float *mean = NULL;
    if (frontend.top_db > 0 && !find_floor(&frontend, request, failure)) return false;
    if (has_utterance_mean(&parts)) {
        if (!find_mean(&frontend, request, &mean, failure)) return false;
        normalise.kind = VOQ_NORMALISE_GLOBAL;
        normalise.mean = mean;
        normalise.variance = NULL;
        parts.normalise = &normalise;
    }
    parts.frontend = &frontend;
    status = voq_model_make(&parts, NULL, own, &error);
    free(mean);
    return status == VOQ_OK ? true : fail_status(request, status, error.text, failure);
}
